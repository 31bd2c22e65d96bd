"""Teaching in a real Chromium: one click on a turn, the queue, a batch's bar and comparison, and each role's share."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.console.permissions import Role
from bot.console.teaching.suggestions import use_of
from bot.transcripts import ConversationState
from teaching.folder import LessonFolder, Progress
from teaching.serving import Serving, ServingFiles
from tests.browser.site import FakeSite, fake_site
from tests.browser.staff_pages import Open, one_of_each_role, opened
from voice.dialogue import DialogueTurn, Message

pytestmark = pytest.mark.browser

TALK = next(f"talk{n}" for n in range(99) if use_of(f"talk{n}") == "teach")
SCRIPT = "<img src=x onerror='document.title=1'>"
RANKING = (("apply_loan", 0.5), ("ask_coupon", 0.3), ("ask_interest", 0.1))


@pytest.fixture
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FakeSite]:
    """A conversation of two turns that were taken for something else."""
    with fake_site(tmp_path_factory.mktemp("teaching")) as running:
        one_of_each_role(running)
        state = ConversationState(TALK, "chat")
        running.recorder.conversation_started(TALK, "chat")
        for words in ("那个免息的劵我放哪儿了", SCRIPT):
            turn = DialogueTurn(
                messages=(Message("请问您想借多少？"),),
                intent="apply_loan",
                confidence=0.5,
                intent_ranking=RANKING,
                understood_text=words,
            )
            running.recorder.add_turn(state, "text", words, turn, {})
        running.recorder.flush()
        yield running


@pytest.fixture
def open_as(chromium: Browser, site: FakeSite) -> Iterator[Open]:
    """Signed in as somebody of this role."""
    yield from opened(chromium, site)


def correct(page: Page, site: FakeSite) -> None:
    """The first runner-up of the first turn, in one click."""
    page.goto(f"{site.url}staff/conversations/{TALK}")
    turn = page.locator("#turn1")
    turn.get_by_text("改正", exact=True).click()
    turn.get_by_role("button", name="问优惠券").click()
    expect(turn.get_by_text("待审核")).to_be_visible()


def accepted(page: Page, site: FakeSite) -> LessonFolder:
    """Accept what waits; the folder of the batch."""
    page.goto(f"{site.url}staff/teaching")
    page.get_by_role("button", name="采纳选中的并训练").click()
    expect(page.get_by_text("训练中")).to_be_visible()
    return LessonFolder((site.settings.var_dir / "teaching").resolve(), page.url.rpartition("/")[2])


def test_a_turn_is_corrected_in_one_click_and_waits_in_the_queue(open_as: Open, site: FakeSite) -> None:
    """Runners-up stand first; what customers wrote never runs."""
    page = open_as(Role.QUALITY)
    correct(page, site)
    page.get_by_role("link", name="教学").click()
    expect(page.get_by_role("textbox", name="句子")).to_have_value("那个免息的劵我放哪儿了")
    expect(page.get_by_text("原来：申请贷款")).to_be_visible()
    expect(page.get_by_role("button", name="采纳选中的并训练")).to_have_count(0)
    assert page.title() != "1"


def test_an_agent_sees_nothing_of_it(open_as: Open, site: FakeSite) -> None:
    page = open_as(Role.AGENT)
    page.goto(f"{site.url}staff/conversations/{TALK}")
    expect(page.locator("#turn1")).to_be_visible()
    assert "teaching" not in page.content() and "改正" not in page.content()


@pytest.mark.parametrize("width", [1280, 834])
def test_a_batch_shows_its_bar_then_the_comparison_and_goes_live(
    open_as: Open, site: FakeSite, width: int
) -> None:
    """The bar moves by itself; what the launcher is asked for stands in its file."""
    files = ServingFiles((site.settings.var_dir / "rasa").resolve())
    files.serve(Serving("http://127.0.0.1:1", ""))
    page = open_as(Role.SUPERVISOR, width=width)
    correct(page, site)
    folder = accepted(page, site)
    with folder.held():
        folder.say(Progress("training", "KernelIntentClassifier", 0.4))
        expect(page.get_by_text("40%").first).to_be_visible()
    told = {"accuracy": 0.5, "macro_f1": 0.5, "ask_back": 0, "false_reject": 0.0}
    flip = {"text": "券在哪", "intent": "ask_coupon", "before": "apply_loan", "after": "ask_coupon"}
    labelled = {"n": 2, "base": 0, "before": told, "after": told | {"accuracy": 1.0}, "same_conversation": 1}
    labelled |= {"same_words": 0, "better": [flip], "better_n": 1, "worse": [], "worse_n": 0}
    labelled |= {"intents": [{"intent": "ask_coupon", "n": 1, "before": 0.0, "after": 1.0}]}
    tests = {"n": 1, "passed": 1, "passed_before": 0, "failed": []}
    recent = {"n": 2, "changed": 0, "kinds": []}
    folder.keep_report({"labelled": labelled, "regressions": tests, "recent": recent, "training_s": 60.0})
    folder.model.write_bytes(b"a model")
    folder.say(Progress("trained", "完成", 1.0))
    expect(page.get_by_text("100.0%")).to_be_visible()
    expect(page.get_by_text("“券在哪” 申请贷款 → 问优惠券")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="上线这个模型").click()
    expect(page.get_by_text("正在换模型，通话不受影响")).to_be_visible()
    wanted = files.wanted()
    assert wanted is not None and wanted.batch == folder.path.name
    files.serve(Serving("http://127.0.0.1:2", wanted.batch, wanted.request, before=""))
    page.get_by_role("button", name="换回之前的模型").click()
    expect(page.get_by_text("随程序发布的模型")).to_be_visible()
    back = files.wanted()
    assert back is not None and back.batch == ""


def test_what_was_edited_and_not_saved_goes_with_what_is_accepted(open_as: Open, site: FakeSite) -> None:
    """Nobody presses 保存 before the big button; an edit that is refused accepts nothing and says why."""
    page = open_as(Role.SUPERVISOR)
    correct(page, site)
    page.goto(f"{site.url}staff/teaching")
    page.get_by_role("textbox", name="句子").fill("   ")
    page.get_by_role("button", name="采纳选中的并训练").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_text("还没有批次")).to_be_visible()
    page.get_by_role("textbox", name="句子").fill("免息券放在哪里")
    page.get_by_role("combobox", name="意图").select_option("ask_interest")
    page.get_by_role("button", name="采纳选中的并训练").click()
    expect(page.get_by_text("训练中")).to_be_visible()
    expect(page.locator("main")).to_contain_text("免息券放在哪里")
    expect(page.locator("main")).not_to_contain_text("那个免息的劵我放哪儿了")


@pytest.mark.parametrize("dark", [False, True])
def test_the_queue_fits_the_screen_in_light_and_dark(open_as: Open, site: FakeSite, dark: bool) -> None:
    page = open_as(Role.SUPERVISOR, width=834, dark=dark)
    correct(page, site)
    for path in ("teaching", "teaching/unanswered"):
        page.goto(f"{site.url}staff/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 834
