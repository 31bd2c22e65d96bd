"""The bot holds a call that comes by SIP: its greeting is heard, words and keys reach the dialogue, transfers work."""

import asyncio
from dataclasses import dataclass, field

import numpy as np

from bot.phone_desk import PhoneDesk
from bot.speech_desk import SpeechDesk
from tests.telephony.conftest import SETTINGS, Exchange, Start
from tests.telephony.uac import Phone, pcm_of, until
from tests.voice.call_fakes import ListedDialogue, LoudnessVad, ScriptedRecognizer, ToneSpeaker, tone
from voice.call import Call
from voice.closing_time import ClosingTime
from voice.dialogue import DialogueTurn, DialogueUnavailable, Message, NextStep
from voice.engines import Engines
from voice.events import BotReply, CallEnded, CallEvent, CallStarted, DtmfReceived, LineMeasured
from voice.hearing.expectation import Expectation, ExpectationKind
from voice.settings import CallSettings
from voice.sip.endpoint import SipEndpoint
from voice.waiting.places import Load, Places

QUESTION = DialogueTurn((Message("身份证后四位？"),), expects=Expectation(ExpectationKind.DIGITS, count=4))


@dataclass
class Line:
    """An endpoint whose calls are held by the real Call, with fakes for ears, mouth and dialogue."""

    exchange: Exchange
    dialogue: ListedDialogue
    events: list[CallEvent]
    ended: list[str] = field(default_factory=list)

    def of(self, kind: type[CallEvent]) -> list[CallEvent]:
        return [event for event in self.events if isinstance(event, kind)]


async def phone_line(
    start: Start,
    answers: list[DialogueTurn | str | DialogueUnavailable],
    hears: tuple[str, ...] = (),
    **settings: object,
) -> Line:
    events: list[CallEvent] = []
    dialogue = ListedDialogue(answers)
    engines = Engines(ScriptedRecognizer(list(hears)), ToneSpeaker(), LoudnessVad())  # type: ignore[arg-type]

    async def hold(call_id, transport, dialogue, sender, on_event):  # type: ignore[no-untyped-def]
        await Call(call_id, transport, dialogue, engines, CallSettings(), on_event, sender).run()

    speech = SpeechDesk(lambda: hold, 1)
    await speech.open()
    ended: list[str] = []
    desk = PhoneDesk(speech, dialogue, events.append, ended.append, Places(2, Load()), ClosingTime(), most=2)
    exchange = await start(desk.refusal, desk.take, **settings)
    desk.phones.append(exchange.endpoint)
    return Line(exchange, dialogue, events, ended)


async def test_the_greeting_is_heard_and_a_spoken_question_is_answered(start: Start) -> None:
    line = await phone_line(start, ["下一期要还三千元。"], ("这个月要还多少",))
    phone = await line.exchange.phone(extra=("P-Asserted-Identity: <sip:+8613800000001@trunk>",))
    await phone.invite()
    hearing = asyncio.create_task(phone.hear(6))
    await phone.speak(bytes(16 * 2600) + tone(800) + bytes(16 * 1200))
    await until(lambda: line.dialogue.asked)
    heard = np.frombuffer(pcm_of(await hearing), dtype="<i2")
    assert np.abs(heard[:8000]).max() > 3000, "the greeting"
    assert line.dialogue.asked[0] == (
        "这个月要还多少",
        {"input": "voice", "expects": {"kind": "open"}, "confidence": 0.9},
    )
    assert np.abs(heard[8 * 4400 :]).max() > 3000, "the answer"
    await phone.hang_up()
    await until(lambda: line.of(CallEnded))
    assert [event.ended_by for event in line.of(CallEnded)] == ["caller"]  # type: ignore[attr-defined]
    assert [event.transport for event in line.of(CallStarted)] == ["sip"]  # type: ignore[attr-defined]


async def test_the_asserted_number_becomes_the_calls_line_phone(start: Start) -> None:
    line = await phone_line(start, [])
    known: list[dict[str, object]] = []

    async def remember(sender: str, metadata: dict[str, object]) -> DialogueTurn:
        known.append(metadata)
        return line.dialogue.opening

    line.dialogue.start = remember  # type: ignore[method-assign]
    phone = await line.exchange.phone(extra=('P-Asserted-Identity: "张伟" <tel:+86-138-0000-0001>',))
    await phone.invite()
    await until(lambda: known)
    assert known == [{"channel": "phone", "line_phone": "13800000001"}]


async def test_keys_answer_a_question_for_digits(start: Start) -> None:
    line = await phone_line(start, [QUESTION, "查到了。"], ("我要查还款",))
    phone = await line.exchange.phone()
    await phone.invite()
    await phone.speak(bytes(16 * 2600) + tone(800) + bytes(16 * 1000))
    await until(lambda: len(line.of(BotReply)) == 2)
    for key in "123":
        phone.press(key)
    phone.send(phone.request("INFO", "Signal=4\r\n"))
    await asyncio.sleep(0.1)
    assert len(line.dialogue.asked) == 1, "keys by INFO are repetitions where keys come by RTP"
    phone.press("4")
    await until(lambda: len(line.dialogue.asked) == 2)
    assert line.dialogue.asked[1][0] == "1234"
    assert line.dialogue.asked[1][1]["input"] == "keypad"
    assert len(line.of(DtmfReceived)) == 4


async def test_what_the_line_lost_is_told_at_the_end(start: Start) -> None:
    line = await phone_line(start, [])
    phone = await line.exchange.phone()
    await phone.invite()
    loop = asyncio.get_running_loop()
    began = loop.time()
    for number in range(60):
        packet = phone.sound_packet(bytes(320))
        await asyncio.sleep(max(0.0, began + number * 0.02 - loop.time()))
        if number % 10 != 5:
            phone.send_rtp(packet)
    await phone.hang_up()
    await until(lambda: line.of(LineMeasured))
    report = line.of(LineMeasured)[0].report  # type: ignore[attr-defined]
    assert (report.received, report.lost) == (54, 6)
    assert report.sent > 30
    await until(lambda: line.ended)


async def test_a_person_is_asked_for_and_the_exchange_connects_them(start: Start) -> None:
    transfer = DialogueTurn((Message("好的。"),), next=NextStep.TRANSFER)
    line = await phone_line(start, [transfer], ("转人工",), agent="sip:6000@127.0.0.1")
    phone = await line.exchange.phone()
    await phone.invite()
    await phone.speak(bytes(16 * 2600) + tone(800) + bytes(16 * 1000))
    refer = await phone.incoming("REFER")
    assert refer.get("refer-to") == "<sip:6000@127.0.0.1>"
    phone.reply(refer, "202 Accepted")
    notify = ("Event: refer", "Subscription-State: active;expires=60", "Content-Type: message/sipfrag")
    phone.send(phone.request("NOTIFY", "SIP/2.0 100 Trying\r\n", extra=notify))
    phone.send(phone.request("NOTIFY", "SIP/2.0 200 OK\r\n", extra=notify))
    phone.reply(await phone.incoming("BYE"))
    await until(lambda: line.of(CallEnded))
    assert line.of(CallEnded)[0].ended_by == "transfer"  # type: ignore[attr-defined]


async def test_a_person_who_cannot_be_reached_leaves_the_caller_with_the_bot(start: Start) -> None:
    transfer = DialogueTurn((Message("好的。"),), next=NextStep.TRANSFER)
    line = await phone_line(start, [transfer, "好的，再见。"], ("转人工", "算了"), agent="sip:6000@127.0.0.1")
    phone = await line.exchange.phone()
    await phone.invite()
    speaking = asyncio.create_task(
        phone.speak(bytes(16 * 2600) + tone(800) + bytes(16 * 6000) + tone(800) + bytes(16 * 3000))
    )
    phone.reply(await phone.incoming("REFER", timeout_s=10), "603 Decline")
    await until(lambda: len(line.dialogue.asked) == 2, 15)
    assert line.dialogue.asked[1][0] == "算了"
    assert (await phone.hang_up()).status == 200
    await speaking


async def test_one_call_too_many_is_refused_while_the_others_go_on(start: Start) -> None:
    line = await phone_line(start, [])
    first, second, third = [await line.exchange.phone() for _ in range(3)]
    assert (await first.invite()).status == 200
    assert (await second.invite()).status == 200
    await until(lambda: line.exchange.endpoint.calls == 2)
    assert (await third.invite()).status == 503
    await first.hang_up()
    await until(lambda: line.exchange.endpoint.calls == 1)
    third.sequence, third.call_id = 10, "another@test"
    assert (await third.invite()).status == 200


async def test_no_call_is_taken_before_the_voice_is_loaded() -> None:
    speech = SpeechDesk(lambda: None, 1)  # type: ignore[arg-type, return-value]
    places, closing = Places(2, Load()), ClosingTime()
    desk = PhoneDesk(speech, ListedDialogue([]), lambda _: None, lambda _: None, places, closing, most=2)
    endpoint = SipEndpoint(SETTINGS, desk.take, desk.refusal)
    await endpoint.open()
    phone = await Phone(endpoint.address("UDP")).open()
    try:
        assert (await phone.invite()).status == 503
    finally:
        phone.close()
        await endpoint.close()
