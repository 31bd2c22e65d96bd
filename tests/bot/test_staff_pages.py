"""Staff pages: who gets in, what is shown, and that nothing in it can bite."""

import re
from pathlib import Path

import pytest
from httpx import Response

from actions.lending.conversation_borrowers import ConversationBorrowers
from actions.lending.database import Database
from actions.lending.keys import DataKeys
from actions.lending.service_desk import ServiceDesk
from bot.console.accounts import FAILURES_ALLOWED, LOCK_MS, SignIn, StaffAccounts, ensure_staff_account
from bot.console.form_tokens import FormTokens
from bot.console.inbox_index import InboxIndex
from bot.console.permissions import Role
from bot.console.sign_in_addresses import FAILURES_ALLOWED as ADDRESS_FAILURES
from bot.console.sign_in_addresses import WINDOW_MS, SignInAddresses
from bot.console.staff_sessions import IDLE_MS, LONGEST_MS, StaffSessions
from bot.recordings import RecordingStore
from tests.bot.staff import signed_in
from tests.bot.web import KEYS, Web
from voice.dialogue import DialogueTurn, Figure, Message
from voice.events import CallEnded, CallStarted

SCRIPT = '<script>alert("x")</script><img src=x onerror=alert(1)>'


@pytest.fixture
def password(web: Web) -> str:
    """The first account's password."""
    made = ensure_staff_account(web.database)
    assert made is not None
    return made


def sign_in(web: Web, password: str, name: str = "admin") -> Response:
    """Load the form and send it, as a browser does."""
    form = web.client.get("/staff/login")
    token = re.search(r'name="form_token" value="(\w+)"', form.text)
    assert token
    data = {"name": name, "password": password, "form_token": token[1]}
    return web.client.post("/staff/login", data=data, follow_redirects=False)


def converse(web: Web, text: str = "我要还款", conversation_id: str = "t1", reply: str = "好的") -> None:
    """A stored conversation of one turn."""
    web.recorder.conversation_started(conversation_id, "chat")
    figures = (Figure("next_repayment_amount", 325055, "fen", {"loan": "L1"}),)
    turn = DialogueTurn(
        messages=(Message(reply),),
        intent="query_repayment",
        confidence=0.93,
        figures=figures,
        understood_text=text,
    )
    web.recorder.chat_turn(conversation_id, text, turn, 30)
    web.recorder.flush()
    InboxIndex(web.database, ConversationBorrowers(web.database, KEYS)).catch_up()


def record_call(web: Web, sound: bytes) -> None:
    """A stored call ``c1`` with an encrypted recording."""
    web.recorder.on_event(CallStarted("c1", 0, 1_800_000_000.0, transport="browser", sample_rate=16000))
    writer = web.recordings.create("c1", 16000)
    writer.write(sound)
    writer.close()
    web.recorder.on_event(CallEnded("c1", 5_000, 1_800_000_005.0, ended_by="caller"))
    web.recorder.recording_kept("c1", writer.name, writer.encrypted)
    web.recorder.flush()


def test_the_first_account_is_made_once_and_its_password_told_once(empty_database: Database) -> None:
    """A second start changes nothing; the password itself is stored nowhere."""
    password = ensure_staff_account(empty_database)
    assert password is not None and len(password) >= 16
    assert ensure_staff_account(empty_database) is None
    assert StaffAccounts(empty_database).sign_in("admin", password) is SignIn.ACCEPTED
    assert password.encode() not in Path(empty_database.engine.url.database).read_bytes()


@pytest.mark.parametrize(
    "path",
    ["/staff", "/staff/conversations", "/staff/conversations/t1", "/staff/recordings/c1", "/staff/handoffs"],
)
def test_every_page_demands_a_sign_in(web: Web, path: str) -> None:
    """Without one, and with an invented cookie, comes the sign-in form and nothing of the content."""
    converse(web, "很私密的话")
    record_call(web, b"\1\2\3\4" * 100)
    for cookies in ({}, {"shoudai_staff": "invented"}):
        web.client.cookies.clear()
        web.client.cookies.update(cookies)
        response = web.client.get(path)
        assert response.url.path == "/staff/login"
        assert "很私密的话" not in response.text


def test_staff_sign_in_read_and_sign_out(web: Web, password: str) -> None:
    """After signing out the old cookie opens nothing."""
    converse(web)
    assert sign_in(web, password).headers["location"] == "/staff/conversations"
    cookie = web.client.cookies["shoudai_staff"]
    page = web.client.get("/staff/conversations")
    assert "我要还款" in page.text and "网页文字" in page.text
    token = re.search(r'name="csrf_token" value="([\w-]+)"', page.text)
    assert token
    web.client.post("/staff/logout", data={"csrf_token": token[1]})
    web.client.cookies.set("shoudai_staff", cookie)
    assert web.client.get("/staff/conversations").url.path == "/staff/login"


def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(web: Web, password: str) -> None:
    """HttpOnly, SameSite=Strict, and for /staff only."""
    header = sign_in(web, password).headers["set-cookie"]
    assert "HttpOnly" in header and "SameSite=strict" in header and "Path=/staff" in header


def test_a_form_of_another_site_cannot_sign_in_or_out(web: Web, password: str) -> None:
    """Without the token that the page itself carries nothing happens."""
    data = {"name": "admin", "password": password, "form_token": "0" * 64}
    assert web.client.post("/staff/login", data=data, follow_redirects=False).status_code == 403
    sign_in(web, password)
    assert web.client.post("/staff/logout", data={"csrf_token": "x"}).status_code == 403
    assert web.client.get("/staff/conversations").url.path == "/staff/conversations"


def test_a_wrong_password_and_an_unknown_name_look_the_same(web: Web, password: str) -> None:
    """Nobody learns who has an account, not even by locking it."""
    for _ in range(FAILURES_ALLOWED + 1):
        answers = [sign_in(web, "wrong", name) for name in ("admin", "nobody")]
        texts = [re.search(r'role="alert">(.*?)<', answer.text) for answer in answers]
        assert [answer.status_code for answer in answers] == [401, 401]
        assert texts[0] and texts[1] and texts[0][1] == texts[1][1] != ""
    assert StaffAccounts(web.database).sign_in("admin", password) is SignIn.LOCKED


def test_tries_at_a_locked_account_count_for_their_address(empty_database: Database) -> None:
    """As tries at a name that nobody has do: the lock of the address tells them not apart."""
    ensure_staff_account(empty_database)
    accounts = StaffAccounts(empty_database)
    for _ in range(ADDRESS_FAILURES):
        accounts.sign_in("admin", "wrong", "10.0.0.1")
    assert accounts.sign_in("admin", "wrong", "10.0.0.1") is SignIn.ADDRESS_LOCKED


def test_five_failures_lock_the_account_for_a_quarter_of_an_hour(empty_database: Database) -> None:
    """Even for the right password, and a restart does not help; afterwards it opens again."""
    password = ensure_staff_account(empty_database)
    assert password is not None
    now = [1_000_000.0]
    for number in range(FAILURES_ALLOWED):
        result = StaffAccounts(empty_database, lambda: now[0]).sign_in("admin", "wrong")
        assert result is (SignIn.LOCKED if number == FAILURES_ALLOWED - 1 else SignIn.WRONG)
    assert StaffAccounts(empty_database, lambda: now[0]).sign_in("admin", password) is SignIn.LOCKED
    now[0] += LOCK_MS / 1000 + 1
    assert StaffAccounts(empty_database, lambda: now[0]).sign_in("admin", password) is SignIn.ACCEPTED


def test_a_success_forgets_earlier_failures(empty_database: Database) -> None:
    """Only failures in a row lock."""
    password = ensure_staff_account(empty_database)
    assert password is not None
    accounts = StaffAccounts(empty_database)
    for _ in range(3):
        for _ in range(FAILURES_ALLOWED - 1):
            assert accounts.sign_in("admin", "wrong") is SignIn.WRONG
        assert accounts.sign_in("admin", password) is SignIn.ACCEPTED


@pytest.mark.parametrize(("step_ms", "steps"), [(IDLE_MS + 1, 1), (IDLE_MS - 1, LONGEST_MS // IDLE_MS + 1)])
def test_a_sign_in_runs_out(empty_database: Database, step_ms: int, steps: int) -> None:
    """An hour unused, or half a day however much used."""
    ensure_staff_account(empty_database)
    now = [1_000_000.0]
    sessions = StaffSessions(empty_database, lambda: now[0])
    token = sessions.begin("admin")
    found = [sessions.find(token)]
    for _ in range(steps):
        now[0] += step_ms / 1000
        found.append(sessions.find(token))
    assert found[0] is not None
    assert found[-1] is None


def test_form_tokens_fit_their_own_cookie_only() -> None:
    """Double submit with a secret of the process."""
    tokens = FormTokens()
    one, two = tokens.new_cookie(), tokens.new_cookie()
    assert tokens.match(one, tokens.form_value(one))
    assert not tokens.match(two, tokens.form_value(one))
    assert not tokens.match(None, tokens.form_value(""))


def test_words_of_customers_are_shown_as_words_and_never_run(web: Web, password: str) -> None:
    """Stored cross-site scripting: in the list, in the turns, in figures and in the queue."""
    converse(web, SCRIPT, reply=SCRIPT)
    ServiceDesk(web.database, KEYS).record_complaint("t1", SCRIPT)
    sign_in(web, password)
    for path in ("/staff/conversations", "/staff/conversations/t1", "/staff/handoffs"):
        text = web.client.get(path).text
        assert "<script>" not in text and "<img src=x" not in text
        assert "&lt;script&gt;" in text


def test_a_conversation_shows_intent_figures_and_timings(web: Web, password: str) -> None:
    """What staff check an answer by."""
    converse(web)
    sign_in(web, password)
    text = web.client.get("/staff/conversations/t1").text
    for expected in ("我要还款", "好的", "查应还款", "93%", "下期应还", "3250.55元", "贷款 L1", "30 毫秒"):
        assert expected in text


def test_a_conversation_that_does_not_exist_is_not_found(web: Web, password: str) -> None:
    """Also with an id that tries to be more than an id."""
    sign_in(web, password)
    for conversation_id in ("none", "' OR 1=1 --", "..%2f..%2fetc%2fpasswd"):
        assert web.client.get(f"/staff/conversations/{conversation_id}").status_code == 404


def test_a_recording_is_played_in_parts(web: Web, password: str) -> None:
    """The player asks for ranges; what it gets is the decrypted WAV."""
    record_call(web, b"\1\2\3\4" * 40_000)
    sign_in(web, password)
    whole = web.client.get("/staff/recordings/c1")
    assert (whole.status_code, whole.headers["content-type"]) == (200, "audio/wav")
    assert whole.content[:4] == b"RIFF" and len(whole.content) == 44 + 160_000
    part = web.client.get("/staff/recordings/c1", headers={"Range": "bytes=100000-100099"})
    assert part.status_code == 206
    assert part.content == whole.content[100_000:100_100]
    assert part.headers["content-range"] == "bytes 100000-100099/160044"
    beyond = web.client.get("/staff/recordings/c1", headers={"Range": "bytes=999999-"})
    assert beyond.status_code == 416


def test_no_file_but_recordings_can_be_fetched(web: Web, password: str) -> None:
    """The path holds a call's id; the file's name comes from the database, and must be a name."""
    record_call(web, b"")
    web.recorder.recording_kept("c1", "../web.db", False)
    web.recorder.flush()
    sign_in(web, password)
    for path in ("c1", "..%2fweb.db", "%2e%2e/%2e%2e/etc/passwd", "nothing"):
        assert web.client.get(f"/staff/recordings/{path}").status_code == 404


def test_a_damaged_recording_is_named_as_such(web: Web, password: str, tmp_path: Path) -> None:
    """Not a broken download."""
    record_call(web, b"\1\2\3\4" * 40_000)
    (path,) = (tmp_path / "recordings").iterdir()
    content = bytearray(path.read_bytes())
    content[100] ^= 1
    path.write_bytes(content)
    sign_in(web, password)
    response = web.client.get("/staff/recordings/c1")
    assert response.status_code == 500
    assert "无法播放" in response.text


def test_the_queue_lists_who_waits_with_masked_numbers(web: Web, password: str) -> None:
    """The longest waiting first."""
    desk = ServiceDesk(web.database, KEYS)
    first = desk.record_handoff("t1", "request_human", "想提前还款，电话13800000001")
    second = desk.record_callback("t2", "settlement")
    sign_in(web, password)
    text = web.client.get("/staff/handoffs").text
    assert 0 < text.index(first) < text.index(second)
    assert "13800000001" not in text


def test_the_list_is_paged(web: Web, password: str) -> None:
    """Thirty a page; the rest behind a link."""
    for number in range(31):
        converse(web, f"第{number}个", f"t{number:02d}")
    sign_in(web, password)
    first = web.client.get("/staff/conversations").text
    older = re.search(r"before=\d+", first)
    assert older
    pages = (first, web.client.get(f"/staff/conversations?{older[0]}").text)
    assert [len(re.findall(r"第\d+个", page)) for page in pages] == [30, 1]


def test_plain_recordings_of_demo_mode_play_too(tmp_path: Path) -> None:
    """Without a key they are WAV files as they are."""
    store = RecordingStore(tmp_path, None)
    writer = store.create("c1", 8000)
    writer.write(b"\1\2\3\4" * 10)
    writer.close()
    stored = store.open(writer.name)
    assert b"".join(stored.read(0, stored.size))[44:] == b"\1\2\3\4" * 10


def test_the_recordings_key_is_not_the_key_of_the_columns() -> None:
    """HKDF with distinct purposes."""
    keys = DataKeys(bytes(32))
    assert keys.recording_key() != keys.derive("sealed-columns")


def test_many_failures_from_one_address_lock_that_address(empty_database: Database) -> None:
    """Whatever names are tried, across restarts; other addresses go on."""
    password = ensure_staff_account(empty_database)
    assert password
    now = [1_000_000.0]
    for number in range(ADDRESS_FAILURES):
        assert (
            StaffAccounts(empty_database, lambda: now[0]).sign_in(f"n{number}", "x", "10.0.0.1")
            is SignIn.WRONG
        )
    accounts = StaffAccounts(empty_database, lambda: now[0])
    assert accounts.sign_in("admin", password, "10.0.0.1") is SignIn.ADDRESS_LOCKED
    assert accounts.sign_in("admin", password, "10.0.0.2") is SignIn.ACCEPTED
    now[0] += WINDOW_MS / 1000 + 1
    assert accounts.sign_in("admin", password, "10.0.0.1") is SignIn.ACCEPTED


@pytest.mark.parametrize("other", ["2001:db8:1:2:ffff::9", "2001:db8:1:2::1"])
def test_failures_of_an_ipv6_network_count_together(empty_database: Database, other: str) -> None:
    """A subscriber has 2^64 addresses; his neighbour another network; IPv4 in IPv6 is IPv4."""
    addresses = SignInAddresses(empty_database)
    for number in range(30):
        addresses.count_failure(f"2001:db8:1:2::{number:x}")
        addresses.count_failure("::ffff:192.0.2.7")
    assert addresses.locked(other) and not addresses.locked("2001:db8:1:3::1")
    assert addresses.locked("192.0.2.7") and not addresses.locked("192.0.2.8")


def test_a_form_that_does_not_fit_is_answered_with_a_page_in_chinese(web: Web, password: str) -> None:
    """Not with JSON about FastAPI's models."""
    sign_in(web, password)
    token = re.search(r'name="csrf_token" value="([\w-]+)"', web.client.get("/staff/me").text)
    assert token
    sent = {"csrf_token": token[1], "name": "长" * 100, "query": "q=1"}
    answer = web.client.post("/staff/views", data=sent)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "text/html; charset=utf-8")
    assert "<h1>没有成功</h1>" in answer.text and "太长" in answer.text


def test_a_nul_character_is_refused_before_it_reaches_the_database(web: Web, password: str) -> None:
    """PostgreSQL cannot keep one: in forms, in addresses, and before the sign-in."""
    form = web.client.get("/staff/login")
    token = re.search(r'name="form_token" value="(\w+)"', form.text)
    assert token
    sent = {"name": "ad\0min", "password": "x", "form_token": token[1]}
    assert web.client.post("/staff/login", data=sent).status_code == 400
    sign_in(web, password)
    for path in ("/staff/audit?account=a%00b", "/staff/conversations/a%00b", "/staff/conversations?q=%00"):
        answer = web.client.get(path)
        assert answer.status_code == 400 and "<h1>没有成功</h1>" in answer.text, path


def test_what_is_not_found_and_not_allowed_has_a_heading(web: Web, password: str) -> None:
    """Readers of the screen find a page by its first heading."""
    sign_in(web, password)
    assert "<h1>没有找到</h1>" in web.client.get("/staff/conversations/none").text
    assert "<h1>没有权限</h1>" in signed_in(web, "li", Role.AGENT).get("/staff/audit").text
