"""Checks: a finished call held against its scenario; what is wrong, in words, instead of the first assertion only."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from actions.lending.clock import today
from actions.lending.decision import decide
from actions.lending.decision_inputs import BusinessFacts
from actions.lending.money import written_percent, written_yuan
from actions.lending.policy import PolicyBook
from commands.simulated_calls.call_record import CallRecord
from commands.simulated_calls.heard_words import Words, is_heard
from commands.simulated_calls.scenario import Ending, Expected
from tests.conversations.cheapest_quote import cheapest
from tests.conversations.recorded_requests import recorded
from tests.conversations.truth import Truth
from tests.tone import breaches
from voice import settings as prompts
from voice.dialogue import DialogueTurn

Heard = Mapping[int, Sequence[Words]]
"""Turn to what the recogniser made of it."""


def problems(record: CallRecord, heard: Heard, truth: Truth, locked: bool) -> list[str]:
    """Everything that is not as the scenario says; empty when all is well."""
    found = [
        f"turn {number + 1}: {problem}"
        for number in range(len(record.scenario.turns))
        for problem in _of_turn(record, number, heard.get(number, ()), truth)
    ]
    return found + [f"the end: {problem}" for problem in _of_ending(record, truth, locked)]


def _of_turn(record: CallRecord, number: int, heard: Sequence[Words], truth: Truth) -> Iterator[str]:
    if number >= len(record.marks):
        yield f"the caller never came to it: the call was ended by {record.ended_by}"
        return
    expected, replies = record.scenario.turns[number].expected, record.replies(number)
    if expected.reply is False and replies:
        yield f"nothing was to be answered, not {_written(replies)!r} to {replies[0].understood_text!r}"
    if expected.reply is None and _asks_for_a_reply(expected) and not replies:
        yield "the bot did not answer"
        return
    yield from _of_words(expected, replies)
    yield from _of_state(expected, replies)
    so_far = [reply for turn in range(number + 1) for reply in record.replies(turn)]
    yield from _of_figures(record, expected, replies, so_far, truth)
    yield from _of_sound(record, expected, so_far, heard, truth)
    yield from _of_decision(expected, replies, heard)
    if expected.interrupted is not None and record.interrupted_by(number) is not expected.interrupted:
        yield (
            "the reply before was not interrupted"
            if expected.interrupted
            else "the reply before was interrupted"
        )
    for reply in replies:
        if wrong := breaches("".join(message.text for message in reply.messages)):
            yield f"a sentence that no clerk says: {wrong}"


def _asks_for_a_reply(expected: Expected) -> bool:
    parts = (expected.intent, expected.understood, expected.entities, expected.bot, expected.figures)
    return any(parts) or any(
        part is not None for part in (expected.quote, expected.expects, expected.next, expected.verified)
    )


def _of_words(expected: Expected, replies: list[DialogueTurn]) -> Iterator[str]:
    intents = [reply.intent for reply in replies]
    if expected.intent and not set(expected.intent) & set(intents):
        yield f"intent {intents} of {[reply.understood_text for reply in replies]}, not {expected.intent}"
    understood = "".join(reply.understood_text for reply in replies)
    for words in expected.understood:
        if words not in understood:
            yield f"{words!r} is not in what was understood: {understood!r}"
    entities = [(entity["entity"], str(entity["value"])) for reply in replies for entity in reply.entities]
    for name, value in expected.entities.items():
        if (name, value) not in entities:
            yield f"no {name} {value!r} among {entities} of {understood!r}"
    said = _written(replies)
    for words in expected.bot:
        if words not in said:
            yield f"{words!r} is not in the reply {said!r} to {understood!r}"
    for words in expected.bot_not:
        if words in said:
            yield f"{words!r} is in the reply {said!r}"


def _of_state(expected: Expected, replies: list[DialogueTurn]) -> Iterator[str]:
    if not replies:
        return
    last = replies[-1]
    wants = f"{last.expects.kind.value} {last.expects.count or ''}".strip()
    if expected.expects is not None and wants != expected.expects:
        yield f"the bot waits for {wants}, not {expected.expects}, after {_written(replies)!r}"
    if expected.next is not None and last.next.value != expected.next:
        yield f"next is {last.next.value}, not {expected.next}, after {_written(replies)!r}"
    if expected.verified is not None and last.verified is not expected.verified:
        yield f"verified is {last.verified} after {_written(replies)!r}"


def _told(replies: list[DialogueTurn]) -> dict[str, int | str]:
    return {figure.name: figure.value for reply in replies for figure in reply.figures}


def _of_figures(
    record: CallRecord,
    expected: Expected,
    replies: list[DialogueTurn],
    so_far: list[DialogueTurn],
    truth: Truth,
) -> Iterator[str]:
    told = _told(replies)
    if expected.figures == ("none",):
        if told:
            yield f"no figure was to be told, not {told}"
        return
    for name in expected.figures:
        if told.get(name) != (value := truth.figure(record.scenario.about, name)):
            yield f"{name} is {value} in the database, and {told} was told"
    if expected.quote is not None:
        wanted, told = cheapest(*expected.quote), _told(so_far)
        if {name: told.get(name) for name in wanted} != wanted:
            yield f"the cheapest quote is {wanted}, and {told} was told"


def _of_sound(
    record: CallRecord,
    expected: Expected,
    so_far: list[DialogueTurn],
    heard: Sequence[Words],
    truth: Truth,
) -> Iterator[str]:
    text = "".join(words.text for words in heard)
    for words in expected.hears:
        if not is_heard(words, heard):
            yield f"{words!r} was not heard in {text!r}"
    for name in expected.hears_figures:
        told = _told(so_far)
        values = cheapest(*expected.quote) if expected.quote else {}
        value = values[name] if name in values else truth.figure(record.scenario.about, name)
        if told.get(name) != value:
            yield f"{name} is {value}, and {told} was told"
        if not any(is_heard(form, heard) for form in forms(name, value)):
            yield f"{name} {forms(name, value)} was not heard in {text!r}"


def _of_decision(expected: Expected, replies: list[DialogueTurn], heard: Sequence[Words]) -> Iterator[str]:
    """The policies decide here once more, on the facts that the scenario states."""
    if not expected.decision:
        return
    book = PolicyBook.load()
    industry = book.industry_named(str(expected.decision.get("industry", "")))
    facts = expected.decision | ({"industry": industry.code} if industry else {})
    best = decide(BusinessFacts(**facts), book.products(), today()).products[0]
    product = book.product(best.product_code).name
    if (told := _told(replies).get("eligibility_outlook")) != best.outcome.value:
        yield f"the policies say {best.outcome.value}, and {told} was told"
    if product not in _written(replies):
        yield f"{product} is not in the reply {_written(replies)!r}"
    if not is_heard(product, heard):
        yield f"{product} was not heard in {''.join(words.text for words in heard)!r}"


def forms(name: str, value: int | str) -> list[str]:
    """How a figure is said."""
    if name.endswith("_date"):
        day = date.fromisoformat(str(value))
        return [f"{day.month}月{day.day}日", f"{day.month}月{day.day}号"]
    if name.endswith("_rate"):
        return [written_percent(Decimal(str(value)))]
    if name in {"remaining_instalments", "overdue_days"}:
        return [f"{value}期", f"{value}天"]
    return [written_yuan(int(value))]


def _of_ending(record: CallRecord, truth: Truth, locked: bool) -> Iterator[str]:
    ending: Ending = record.scenario.ending
    if record.ended_by != ending.outcome:
        yield f"the call was ended by {record.ended_by}, not {ending.outcome}"
    if (ending.outcome == "transfer") is not record.transferred:
        yield "the line was handed over" if record.transferred else "the line was not handed over"
    if ending.verified is not None:
        verified = any(reply.verified for turn in range(len(record.marks)) for reply in record.replies(turn))
        if verified is not ending.verified:
            yield f"verified is {verified}"
    if ending.prompts is not None:
        said = [prompt for prompt in record.prompts() if prompt != prompts.FILLER]
        if said != [getattr(prompts, name) for name in ending.prompts]:
            yield f"the call's own sentences were {said}"
    for kind, times in ending.events.items():
        count, wanted = record.count(kind), int(times.rstrip("+"))
        if count < wanted or (count > wanted and not times.endswith("+")):
            yield f"{count} times {kind}, not {times}"
    if ending.locked is not None and locked is not ending.locked:
        yield "the caller is locked out" if locked else "the caller is not locked out"
    if ending.rating is not None and (kept := truth.rating(record.call_id)) != ending.rating:
        yield f"the rating kept is {kept}, not {ending.rating}"
    yield from _of_rows(record, ending, truth)


def _of_rows(record: CallRecord, ending: Ending, truth: Truth) -> Iterator[str]:
    if ending.disclosed is not None:
        disclosed = truth.disclosed(record.call_id)
        if missing := set(ending.disclosed) - set(disclosed):
            yield f"the log of disclosures has no {missing}, only {disclosed}"
        if not ending.disclosed and disclosed:
            yield f"nothing was to be disclosed, not {disclosed}"
    if ending.requests is None:
        return
    left = recorded(truth, record.call_id)
    wanted = [{key: one[key] for key in one if key != "says"} for one in ending.requests]
    if [{key: one[key] for key in one if key != "summary"} for one in left] != wanted:
        yield f"the requests for staff are {left}"
        return
    for one, request in zip(left, ending.requests, strict=True):
        for words in request.get("says", ()):  # type: ignore[attr-defined]
            if words not in str(one["summary"]):
                yield f"{words!r} is not in the summary {one['summary']!r}"


def _written(replies: list[DialogueTurn]) -> str:
    return "".join(message.text for reply in replies for message in reply.messages)
