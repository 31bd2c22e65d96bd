"""A telephone that somebody else wrote talks to the whole bot: asks, types, holds, comes back, and is handed over."""

import asyncio
from pathlib import Path

import pytest

from commands.caller_voices import caller_says
from commands.simulated_calls.heard_words import is_heard, recognised
from tests.calls.checks import forms
from tests.calls.sip_call import bot_on_the_phone
from tests.calls.stage import World
from tests.telephony import baresip
from tests.telephony.baresip import start_baresip
from tests.telephony.uac import until
from voice.events import BotReply, CallEnded, DtmfReceived, PlaybackFinished
from voice.hearing.expectation import ExpectationKind
from voice.sound.audio import silence
from voice.sound.wav import read_wav, write_wav

pytestmark = [
    pytest.mark.audio,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.skipif(
        not baresip.installed(), reason="baresip is not installed (apt-get install baresip-core)"
    ),
]

_GREETING_MS = 8_000
_MANNERS_MS = 120_000
"""Baresip hangs up where its sound ends: a caller who has said everything stays on the line."""


async def test_a_borrower_calls_with_baresip(world: World, tmp_path: Path) -> None:
    truth, engines = world.truth, world.engines
    borrower = truth.number_of("张伟")
    sound = silence(_GREETING_MS, 8000) + caller_says("我这个月要还多少钱") + silence(_MANNERS_MS, 8000)
    write_wav(tmp_path / "caller.wav", sound, 8000)
    account = f"<sip:{borrower['phone']}@127.0.0.1>;regint=0"
    phone = await start_baresip(tmp_path / "caller", tmp_path / "caller.wav", account)
    agent = await start_baresip(
        tmp_path / "agent", tmp_path / "caller.wav", "<sip:agent@127.0.0.1>;regint=0;answermode=auto"
    )
    try:
        async with bot_on_the_phone(
            world, trusts_from=True, agent=f"sip:agent@127.0.0.1:{agent.port}"
        ) as bot:
            host, port = bot.endpoint.address("UDP")
            await phone.command("dial", f"sip:bot@{host}:{port}")

            def replies() -> list[BotReply]:
                return [event for event in bot.events if isinstance(event, BotReply)]

            def asks_for_digits() -> bool:
                return any(reply.turn.expects.kind is ExpectationKind.DIGITS for reply in replies())

            await until(asks_for_digits, 60)
            for key in borrower["id"]:
                await phone.command("sndcode", key)
                await asyncio.sleep(0.35)
            await until(lambda: replies()[-1].turn.verified, 30)
            told = {figure.name: figure.value for figure in replies()[-1].turn.figures}
            assert told["next_repayment_amount"] == truth.figure("张伟", "next_repayment_amount")
            assert len(bot.of(DtmfReceived)) == 4
            said = len(bot.of(PlaybackFinished))
            await until(lambda: len(bot.of(PlaybackFinished)) > said, 60)
            await phone.command("hold")
            await until(lambda: bot.lines[0].held)
            await phone.command("resume")
            await until(lambda: not bot.lines[0].held)
            await phone.command("sndcode", "0")
            await until(lambda: agent.seen("CALL_ESTABLISHED"), 60)
            await until(lambda: bot.of(CallEnded), 30)
            assert [event.ended_by for event in bot.of(CallEnded)] == ["transfer"]  # type: ignore[attr-defined]
    finally:
        await phone.stop()
        await agent.stop()
    first_call = min(phone.records.glob("*dec.wav"))
    heard = await recognised(read_wav(first_call)[0], 0, engines.recognizer)
    assert is_heard("本次通话会录音", heard), heard
    amount = forms("next_repayment_amount", truth.figure("张伟", "next_repayment_amount"))
    assert any(is_heard(form, heard) for form in amount), heard
