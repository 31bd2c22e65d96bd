"""Whole calls at telephone quality: another voice than the bot's asks, the database's own figures are answered."""

from datetime import date

import pytest

from actions.lending.database import open_database
from actions.lending.decision import decide
from actions.lending.decision_inputs import BusinessFacts
from actions.lending.keys import load_keys
from actions.lending.policy import PolicyBook
from actions.lending.repositories import LendingRepository
from actions.lending.service_requests import RequestKind, ServiceDesk
from commands.call_parts import CallParts, FinishedCall
from commands.caller_voices import WOMAN, caller_says
from install.paths import ROOT
from tests.audio.conftest import HoldCall
from voice.audio import FRAME_MS, AudioFrame
from voice.engines import Engines
from voice.expectation import OPEN
from voice.settings import SILENCE_FIRST, SILENCE_GOODBYE, SILENCE_SECOND
from voice.transports.simulated import KeepSilent, Press, Say, SayOver

pytestmark = [pytest.mark.audio, pytest.mark.asyncio(loop_scope="session")]
"""One event loop for all: the engines, loaded once, belong to it."""

ZHANG_WEI, LI_NA = "13800000001", "13800000002"
STRANGER = "13912345678"


def figures(call: FinishedCall) -> dict[str, int | str]:
    """Every figure the caller was told."""
    return {figure.name: figure.value for turn in call.report.turns for figure in turn.figures}


def intents(call: FinishedCall) -> list[str | None]:
    return [turn.intent for turn in call.report.turns]


@pytest.fixture
def records(parts: CallParts) -> LendingRepository:
    return LendingRepository(
        open_database(parts.stack.database_url), load_keys(), PolicyBook.load(ROOT / "data" / "policies")
    )


@pytest.fixture
def desk(parts: CallParts) -> ServiceDesk:
    return ServiceDesk(open_database(parts.stack.database_url), load_keys())


async def test_a_borrower_asks_for_the_next_repayment_and_hears_the_figure_of_the_database(
    simulate: HoldCall, parts: CallParts, records: LendingRepository, engines: Engines
) -> None:
    call, line = await simulate(
        [Say(caller_says("我这个月要还多少钱")), Say(caller_says("一二三四")), Say(caller_says("对"))],
        ZHANG_WEI,
    )
    assert call.report.verified, call.report.to_text()
    borrower = parts.identity.verified_borrower(call.call_id)
    assert borrower is not None
    instalment = records.loans(borrower)[0].next_instalment
    assert instalment is not None
    assert figures(call)["next_repayment_amount"] == instalment.amount_fen
    assert figures(call)["next_repayment_date"] == instalment.date.isoformat()
    heard = await _recognised(bytes(line.heard[-8000 * 2 * 12 :]), engines)
    yuan = str(instalment.amount_fen // 100)
    assert yuan in heard or _in_chinese(instalment.amount_fen // 100) in heard, heard


async def test_an_applicant_asks_how_far_the_application_is(
    simulate: HoldCall, parts: CallParts, records: LendingRepository
) -> None:
    call, _ = await simulate(
        [
            Say(caller_says("我的贷款申请到哪一步了", WOMAN)),
            Press("567*"),
        ],
        LI_NA,
    )
    borrower = parts.identity.verified_borrower(call.call_id)
    assert borrower is not None, call.report.to_text()
    assert figures(call)["application_state"] == records.applications(borrower)[0].state.value


async def test_a_shop_owner_asks_whether_he_can_borrow_and_hears_what_the_policies_say(
    simulate: HoldCall,
) -> None:
    call, _ = await simulate(
        [
            Say(caller_says("我能不能借钱")),
            Say(caller_says("三年了")),
            Say(caller_says("没有")),
            Say(caller_says("我开餐馆的，以前没有贷过款")),
        ],
        STRANGER,
    )
    policies = PolicyBook.load(ROOT / "data" / "policies")
    catering = policies.industry_named("餐馆")
    assert catering is not None
    shop = BusinessFacts(
        business_months=36,
        owner_has_overdue_debt=False,
        industry=catering.code,
        is_first_time_borrower=True,
    )
    best = decide(shop, policies.products(), date.today()).products[0]
    product = policies.product(best.product_code)
    assert figures(call)["eligibility_outlook"] == best.outcome.value, call.report.to_text()
    assert any(product.name in turn.bot for turn in call.report.turns), call.report.to_text()


async def test_three_wrong_endings_lock_the_line_and_redialling_does_not_help(
    simulate: HoldCall, parts: CallParts
) -> None:
    wrong = [Say(caller_says("九八七六")), Say(caller_says("对"))]
    call, _ = await simulate([Say(caller_says("我还剩几期没有还")), *wrong, *wrong, *wrong], STRANGER)
    state = parts.identity.state(call.call_id)
    assert state.locked_until is not None and not state.verified, call.report.to_text()
    again, _ = await simulate([Say(caller_says("我还剩几期没有还")), Press("1234")], STRANGER)
    assert parts.identity.state(again.call_id).locked_until == state.locked_until
    assert figures(again) == {}


async def test_words_over_a_long_answer_end_it_and_are_answered(simulate: HoldCall) -> None:
    call, line = await simulate(
        [Say(caller_says("介绍一下你们的产品")), SayOver(caller_says("我要转人工客服"), after_ms=1500)],
        STRANGER,
    )
    assert call.report.turns[0].interrupted and call.report.turns[0].not_heard, call.report.to_text()
    assert call.report.turns[1].intent == "request_human"
    assert line.transferred_to is not None


async def test_a_silent_caller_is_asked_twice_and_then_told_goodbye(simulate: HoldCall) -> None:
    call, _ = await simulate([KeepSilent(40_000)], STRANGER)
    assert call.report.prompts == [SILENCE_FIRST, SILENCE_SECOND, SILENCE_GOODBYE]
    assert call.report.ended_by == "bot"


async def test_who_asks_for_a_person_is_handed_over_with_a_summary(
    simulate: HoldCall, desk: ServiceDesk
) -> None:
    before = {request.reference for request in desk.requests(kind=RequestKind.HANDOFF)}
    call, line = await simulate([Say(caller_says("帮我转人工", WOMAN))], STRANGER)
    assert call.report.ended_by == "transfer" and line.transferred_to == "agent", call.report.to_text()
    new = [request for request in desk.requests(kind=RequestKind.HANDOFF) if request.reference not in before]
    assert len(new) == 1 and new[0].summary


async def test_the_opening_says_that_an_ai_speaks_and_that_the_call_is_recorded(
    simulate: HoldCall, engines: Engines
) -> None:
    call, line = await simulate([KeepSilent(500)], STRANGER)
    assert "录音" in call.report.opening and "智能" in call.report.opening
    heard = await _recognised(bytes(line.heard), engines)
    assert "录音" in heard and "智能" in heard, heard


async def _recognised(pcm: bytes, engines: Engines) -> str:
    """What the machine's own ears make of a sound."""
    stream = engines.recognizer.start_stream(8000, OPEN)
    size = 8000 * FRAME_MS // 1000 * 2
    for at in range(0, len(pcm), size):
        await stream.accept(AudioFrame(pcm[at : at + size], 8000, at // size * FRAME_MS))
    return (await stream.finish()).text


def _in_chinese(number: int) -> str:
    import cn2an

    return str(cn2an.an2cn(number))
