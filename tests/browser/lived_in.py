"""A site in use: every page with an id has something to show, and every list holds something."""

from actions.lending.conversation_borrowers import ConversationBorrowers
from actions.lending.service_desk import ServiceDesk
from bot.console.dashboards.counted_days import CountedDays
from bot.console.inbox_filter import InboxFilter
from bot.console.inbox_index import InboxIndex
from bot.console.permissions import Role
from bot.console.review.desk import open_review
from bot.console.review.flag import Flag
from bot.console.saved_views import SavedViews
from bot.console.teaching.batches import Batches
from bot.console.teaching.suggestions import Correction, Suggestions, use_of
from bot.console.teaching.unanswered import UnansweredTurns
from bot.console.teaching.workshop import UNANSWERED
from bot.transcript_reader import TranscriptReader
from teaching.folder import LessonFolder, Progress
from tests.bot.inbox import talk
from tests.bot.spoken import spoken_call
from tests.bot.web import KEYS
from tests.browser.site import FakeSite
from tests.browser.staff_pages import one_of_each_role

ADMIN = Role.ADMIN.value
TALK = next(f"talk{n}" for n in range(99) if use_of(f"talk{n}") == "teach")


def furnish(site: FakeSite) -> dict[str, str]:
    """Fill the site; the addresses of the pages with ids, by their route."""
    one_of_each_role(site)
    spoken_call(site.recorder, site.recordings, "call", 1_795_000_000.0)
    talk(site.recorder, TALK, [("那个免息的劵我放哪儿了", "请问您想借多少？"), ("利率多少", "一年8%。")])
    for number, words in enumerate(("能开发票吗", "发票怎么开", "理发店能开发票吗")):
        talk(site.recorder, f"u{number}", [(words, "这个我不太清楚。")], intent="nlu_fallback")
    site.recorder.flush()
    _queue(ServiceDesk(site.database, KEYS))
    addresses = {
        "/staff/conversations/{conversation_id}": "/staff/conversations/call",
        "/staff/review/{list_id}": f"/staff/review/{_review(site)}",
        "/staff/teaching/batches/{batch_id}": f"/staff/teaching/batches/{_taught(site)}",
    }
    _unanswered(site)
    SavedViews(site.database).keep(ADMIN, "违约金", InboxFilter(q="违约金"))
    InboxIndex(site.database, ConversationBorrowers(site.database, KEYS)).catch_up()
    CountedDays(site.database, patience_s=0).refresh_quietly()
    return addresses


def _queue(desk: ServiceDesk) -> None:
    """One of each kind that the page shows differently; one of them is claimed."""
    desk.record_handoff("call", "urgent_distress", "要办：还款\n原话：我不想活了")
    desk.record_complaint(TALK, "一直打电话骚扰我")
    desk.record_callback("u0", "after_hours", "要办：开发票", wished="明天上午10点")
    desk.record_callback("u1", "data_deletion", "要求删除个人信息")
    desk.take(desk.record_handoff("u2", "customer_asked", "要办：借款"), ADMIN)


def _review(site: FakeSite) -> str:
    review = open_review(site.database)
    review.remarks.tag("call", "发票", ADMIN)
    review.remarks.flag("call", Flag.WRONG, True, ADMIN)
    review.remarks.comment("call", None, "第二句答得不对。", ADMIN)
    sheet = review.sheets.newest()
    review.scores.give("call", sheet, {one.code: "7" for one in sheet.criteria}, "还行", ADMIN)
    return review.lists.make("随机 10%", "random", ["call", TALK, "u0"], [ADMIN, Role.AGENT.value], ADMIN)


def _taught(site: FakeSite) -> str:
    """A batch that was trained and compared, and one correction more that waits."""
    suggestions = Suggestions(site.database)
    view = TranscriptReader(site.database).conversation(TALK)
    assert view is not None
    first, second = (
        suggestions.correct(turn.id, Correction(turn.customer_text, "ask_coupon"), ADMIN)
        for turn in view.turns
        if turn.customer_text
    )
    batch = Batches(site.database, suggestions).accept([first.id], "", ADMIN).batch_id
    assert batch is not None and second.state == "proposed"
    folder = LessonFolder((site.settings.var_dir / "teaching").resolve(), batch)
    told = {"accuracy": 0.5, "macro_f1": 0.5, "ask_back": 0, "false_reject": 0.0}
    better = {"text": "券在哪", "intent": "ask_coupon", "before": "apply_loan", "after": "ask_coupon"}
    worse = better | {"text": "借点钱", "intent": "apply_loan"}
    missed = {"text": "那个免息的劵我放哪儿了", "intent": "ask_coupon", "after": "apply_loan"}
    kind = {"before": "apply_loan", "after": "ask_coupon", "n": 2, "examples": ["有券吗"]}
    folder.begin({})
    folder.keep_report(
        {
            "labelled": {"n": 2, "base": 0, "before": told, "after": told | {"accuracy": 1.0}}
            | {"same_conversation": 1, "same_words": 0, "better": [better], "better_n": 1}
            | {"worse": [worse], "worse_n": 1}
            | {"intents": [{"intent": "ask_coupon", "n": 1, "before": 0.0, "after": 1.0}]},
            "regressions": {"n": 1, "passed": 0, "passed_before": 0, "failed": [missed]},
            "recent": {"n": 2, "changed": 2, "kinds": [kind]},
            "training_s": 60.0,
        }
    )
    folder.model.write_bytes(b"a model")
    folder.say(Progress("trained", "完成", 1.0))
    return batch


def _unanswered(site: FakeSite) -> None:
    ids = [item["turn"] for item in UnansweredTurns(site.database).items()]
    folder = LessonFolder((site.settings.var_dir / "teaching").resolve(), UNANSWERED)
    folder.begin({"items": []})
    folder.keep_report({"groups": [{"example": ids[-1], "turns": ids}], "n": len(ids)})
    folder.say(Progress("trained", "完成", 1.0))
