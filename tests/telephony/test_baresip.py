"""Calls from baresip, a telephone that somebody else wrote (``apt-get install baresip-core``)."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.telephony import baresip
from tests.telephony.baresip import Baresip, start_baresip
from tests.telephony.conftest import Exchange, Start
from tests.telephony.uac import until
from voice.sip.transactions import Timing
from voice.sound.wav import read_wav, write_wav

pytestmark = pytest.mark.skipif(
    not baresip.installed(), reason="baresip is not installed (apt-get install baresip-core)"
)


def speechlike(duration_s: float) -> bytes:
    """Noise in a telephone's band, in syllables, so that a delay can be found by correlation."""
    rng = np.random.default_rng(4)
    noise = rng.normal(size=int(8000 * duration_s))
    band = np.convolve(noise, np.hamming(9) / 4, mode="same")
    t = np.arange(len(band)) / 8000
    return (band * (0.4 + 0.4 * np.sin(2 * np.pi * 3 * t)) * 5000).clip(-32768, 32767).astype("<i2").tobytes()


Signal = NDArray[np.float64]


def snr_db(sent: Signal, heard: Signal) -> float:
    """Signal to noise of ``heard`` against ``sent``, at the best delay and level."""
    length = 1 << (len(sent) + len(heard) - 1).bit_length()
    correlation = np.fft.irfft(np.fft.rfft(heard, length) * np.conj(np.fft.rfft(sent, length)))
    delay = int(np.argmax(correlation[: len(heard)]))
    common = min(len(sent), len(heard) - delay)
    a, b = sent[:common], heard[delay : delay + common]
    gain = float(a @ b) / float(a @ a)
    return float(10 * np.log10((gain * a @ (gain * a)) / ((b - gain * a) @ (b - gain * a))))


def median_snr_db(sent: Signal, heard: Signal) -> float:
    """Of pieces of half a second: a busy machine may slip once between two of them."""
    pieces = [sent[at : at + 4000] for at in range(8000, len(sent) - 12000, 4000)]
    return float(np.median([snr_db(piece, heard) for piece in pieces]))


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    path = tmp_path / "caller.wav"
    write_wav(path, speechlike(8), 8000)
    return path


Call = Callable[..., Awaitable[Baresip]]


@pytest.fixture
async def phones(tmp_path: Path, sound: Path) -> AsyncIterator[Call]:
    """Start telephones; all are stopped at the end."""
    running: list[Baresip] = []

    async def begin(**values: str) -> Baresip:
        running.append(await start_baresip(tmp_path / f"phone{len(running)}", sound, **values))
        return running[-1]

    yield begin
    for one in running:
        await one.stop()


def dial(exchange: Exchange) -> str:
    host, port = exchange.endpoint.address("UDP")
    return f"sip:bot@{host}:{port}"


async def test_sound_goes_both_ways_as_well_as_g711_can(start: Start, phones: Call, sound: Path) -> None:
    exchange, phone = await start(timing=Timing()), await phones()
    await phone.command("dial", dial(exchange))
    await until(lambda: phone.seen("CALL_ESTABLISHED"))
    await until(lambda: phone.seen("CALL_CLOSED"), 20)
    sent = np.frombuffer(read_wav(sound)[0], dtype="<i2").astype(float)
    heard = np.frombuffer(read_wav(next(phone.records.glob("*dec.wav")))[0], dtype="<i2").astype(float)
    assert median_snr_db(sent, heard) > 30
    await until(lambda: exchange.endpoint.calls == 0)


async def test_keys_hold_and_resume(start: Start, phones: Call) -> None:
    exchange, phone = await start(timing=Timing()), await phones()
    await phone.command("dial", dial(exchange))
    await until(lambda: exchange.echo.frames > 20)
    for key in "15#":
        await phone.command("sndcode", key)
        await asyncio.sleep(0.35)
    await until(lambda: len(exchange.echo.keys) == 3)
    assert exchange.echo.keys == ["1", "5", "#"]
    await phone.command("hold")
    await until(lambda: exchange.echo.calls[0].held)
    frames = exchange.echo.frames
    await asyncio.sleep(0.3)
    assert exchange.echo.frames <= frames + 2
    await phone.command("resume")
    await until(lambda: exchange.echo.frames > frames + 10)
    await phone.command("hangup")
    await until(lambda: exchange.endpoint.calls == 0)


async def test_the_bot_hangs_up_on_a_phone(start: Start, phones: Call) -> None:
    exchange, phone = await start(timing=Timing()), await phones()
    exchange.echo.hang_up_after = 25
    await phone.command("dial", dial(exchange))
    await until(lambda: phone.seen("CALL_CLOSED"))
    assert exchange.echo.frames == 25


async def test_a_caller_is_referred_to_a_second_phone(start: Start, phones: Call) -> None:
    phone, agent = await phones(), await phones(account="<sip:agent@127.0.0.1>;regint=0;answermode=auto")
    exchange = await start(timing=Timing(), agent=f"sip:agent@127.0.0.1:{agent.port}")
    exchange.echo.transfer_after = 25
    await phone.command("dial", dial(exchange))
    await until(lambda: agent.seen("CALL_ESTABLISHED"), 20)
    await until(lambda: exchange.endpoint.calls == 0)
    assert exchange.echo.transfer_error == ""


async def test_a_caller_is_bridged_to_a_second_phone(start: Start, phones: Call, sound: Path) -> None:
    phone, agent = await phones(), await phones(account="<sip:agent@127.0.0.1>;regint=0;answermode=auto")
    exchange = await start(timing=Timing(), transfer="bridge", agent=f"sip:agent@127.0.0.1:{agent.port}")
    exchange.echo.transfer_after = 25
    await phone.command("dial", dial(exchange))
    await until(lambda: agent.seen("CALL_ESTABLISHED"), 20)
    assert exchange.endpoint.calls == 1
    await until(lambda: phone.seen("CALL_CLOSED"), 20)
    await until(lambda: agent.seen("CALL_CLOSED"))
    assert exchange.endpoint.calls == 0
    sent = np.frombuffer(read_wav(sound)[0], dtype="<i2").astype(float)
    heard = np.frombuffer(read_wav(next(agent.records.glob("*dec.wav")))[0], dtype="<i2").astype(float)
    # The person hears the caller from the moment of the answer on.
    assert median_snr_db(sent[8000 * 3 :], heard) > 30
