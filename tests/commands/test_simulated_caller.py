"""A simulated caller, his noises, and the network he calls by."""

import numpy as np
import pytest

from commands.simulated_calls import caller_sound
from commands.simulated_calls.audio_time_line import AudioTimeLine
from commands.simulated_calls.caller_sound import FRAME_BYTES, CallerSound
from commands.simulated_calls.heard_words import Words, is_heard
from commands.simulated_calls.impaired_wire import ImpairedWire
from commands.simulated_calls.noises import burst, noise
from commands.simulated_calls.scenario import Action, Ending, Expected, Network, Noise, Scenario, Turn
from commands.simulated_calls.scripted_caller import ScriptedCaller
from install.paths import ROOT

BOT = (np.sin(np.arange(160) / 3) * 6000).astype("<i2").tobytes()
SILENCE = bytes(FRAME_BYTES)
CLIP = (np.sin(np.arange(8000) / 5) * 4000).astype("<i2").tobytes()
"""A second of somebody speaking."""


@pytest.fixture(autouse=True)
def voices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caller_sound, "caller_says", lambda text, voice: CLIP)


def caller(*actions: Action, **values: object) -> ScriptedCaller:
    usual = {
        "voice": "zm_yunxi",
        "speed": 1.0,
        "noise": None,
        "network": None,
        "echo_db": None,
        "over_sip": False,
        "asks_rating": False,
    }
    fields = usual | values
    turns = tuple(Turn(action, Expected()) for action in actions)
    scenario = Scenario(
        "a_call",
        "story",
        "withheld",
        "",
        turns=turns,
        ending=Ending("caller"),
        **fields,  # type: ignore[arg-type]
    )
    return ScriptedCaller(scenario, CallerSound(scenario, ROOT), pause_ms=1000)


def hears(person: ScriptedCaller, sound: bytes, ms: int) -> list[str]:
    """The caller hears this for so long; returns what he sends: a key, sound or nothing, frame by frame."""
    sent = [person.frame(sound) for _ in range(ms // 20)]
    return [one.key or ("sound" if any(one.pcm) else "") for one in sent]


def test_he_waits_until_the_bot_has_finished() -> None:
    person = caller(Action(say=("你好",)))
    assert set(hears(person, BOT, 2000)) == {""}
    assert set(hears(person, SILENCE, 900)) == {""}, "between two clauses the bot only takes breath"
    assert set(hears(person, BOT, 400)) == {""}
    assert hears(person, SILENCE, 2400).count("sound") == 50
    assert person.marks[0].end_ms - person.marks[0].start_ms == pytest.approx(1000, abs=20)


def test_he_interrupts_after_so_much_of_the_answer() -> None:
    person = caller(Action(say=("你好",)), Action(say=("等等",), over_ms=600))
    hears(person, BOT, 1000)
    hears(person, SILENCE, 3000)
    assert "sound" not in hears(person, BOT, 600)
    assert "sound" in hears(person, BOT, 100)


def test_he_hangs_up_only_when_he_was_answered() -> None:
    person = caller(Action(say=("你好",)))
    hears(person, BOT, 1000)
    hears(person, SILENCE, 6000)
    assert not person.done, "he was not answered yet"
    hears(person, BOT, 1000)
    hears(person, SILENCE, 2000)
    assert not person.done
    hears(person, SILENCE, 700)
    assert person.done


def test_he_is_not_kept_waiting_for_ever() -> None:
    person = caller(Action(say=("你好",)))
    hears(person, BOT, 1000)
    hears(person, SILENCE, 2000)
    hears(person, SILENCE, 16_000)
    assert person.done


def test_keys_come_one_after_the_other() -> None:
    person = caller(Action(press="12#"))
    hears(person, BOT, 1000)
    sent = hears(person, SILENCE, 2000)
    at = [index for index, one in enumerate(sent) if one]
    assert "".join(sent) == "12#" and at[1] - at[0] == at[2] - at[1] == 12


def test_silence_lasts_whatever_the_bot_says() -> None:
    person = caller(Action(silence_ms=5000), Action(say=("喂",)))
    hears(person, BOT, 1000)
    hears(person, SILENCE, 1100)
    assert "sound" not in hears(person, BOT, 4000)
    assert "sound" in hears(person, SILENCE, 2500)


def test_the_bots_voice_comes_back_twenty_decibels_weaker() -> None:
    person = caller(Action(say=("喂",)), echo_db=-20)
    hears(person, BOT, 1000)
    back = np.frombuffer(bytes(person.said), dtype="<i2").astype(float)
    assert np.abs(back[:800]).max() <= 8, "it takes its time"
    assert np.sqrt(np.mean(back[-4000:] ** 2)) == pytest.approx(600 / np.sqrt(2), rel=0.1)


@pytest.mark.parametrize("kind", ["white", "street"])
def test_noise_has_the_level_that_was_asked_for(kind: str) -> None:
    person = caller(Action(say=("喂",)), noise=Noise(kind, 10))
    speech_rms = np.sqrt(np.mean(np.frombuffer(CLIP, dtype="<i2").astype(float) ** 2))
    for _ in range(300):
        person.frame(SILENCE)
    behind = np.frombuffer(bytes(person.said), dtype="<i2").astype(float)
    assert 20 * np.log10(speech_rms / np.sqrt(np.mean(behind**2))) == pytest.approx(10, abs=1.5)


def test_noise_is_the_same_every_time_and_another_for_another_seed() -> None:
    assert np.array_equal(noise("street", 100, 1), noise("street", 100, 1))
    assert not np.array_equal(noise("street", 100, 1), noise("street", 100, 2))


def test_a_burst_dies_away() -> None:
    cough = np.abs(burst(500, 1000, 1))
    assert len(cough) == 4000 and cough[:1000].mean() > 3 * cough[-1000:].mean()


def test_a_wire_loses_as_many_packets_as_it_was_told_to_and_the_same_ones_again() -> None:
    def through(seed: int) -> list[bytes]:
        wire = ImpairedWire(Network(loss=0.05), seed)
        for number in range(4000):
            wire.send(str(number).encode(), number * 20)
        return wire.arrived(80_000)

    assert 3720 < len(through(1)) < 3880
    assert through(1) == through(1) != through(2)


def test_jitter_delays_and_lets_packets_overtake() -> None:
    wire = ImpairedWire(Network(jitter_ms=60), 1)
    came: list[int] = []
    for number in range(500):
        wire.send(str(number).encode(), number * 20)
        came += [int(packet) for packet in wire.arrived(number * 20)]
    came += [int(packet) for packet in wire.arrived(20_000)]
    assert sorted(came) == list(range(500)) and came != sorted(came)
    assert wire.overtaken > 20 and wire.lost == 0


async def test_sound_reaches_the_bot_through_the_endpoints_own_buffer_and_concealment() -> None:
    person = caller(Action(say=("喂",)), Action(silence_ms=3000))
    line = AudioTimeLine(person, None, Network(loss=0.2), seed=3)
    came = bytearray()
    async for item in line.frames():
        if len(came) < 16_000 * 2:
            came += item.pcm  # type: ignore[union-attr]
            await line.play(type(item)(BOT if item.timestamp_ms < 400 else SILENCE, 8000, 0))
        else:
            await line.hang_up()
    sound = np.abs(np.frombuffer(bytes(came), dtype="<i2")).reshape(-1, 160).max(axis=1) > 500
    first = int(np.argmax(sound))
    assert 20 <= sound[first : first + 50].sum() <= 50, "a fifth is lost, and most of that is made up"
    plain = np.abs(np.frombuffer(bytes(person.said), dtype="<i2")).reshape(-1, 160).max(axis=1) > 500
    assert first - int(np.argmax(plain)) in (2, 3), "40 to 60 ms behind the caller"


@pytest.mark.parametrize(
    ("wanted", "heard", "is_there"),
    [
        ("下一期要还5581.80元", "查到了下一期要还五千五百八十一块八", False),
        ("5581.80元", "下一期要还5581.8元", True),
        ("两千元", "要还2000元", True),
        ("权力", "全力", True),
        ("审核", "省核", True),
        ("四十四", "十四十", False),
        ("后四位", "后三位", False),
        ("12月5日", "是十二月五日", True),
        ("营业执照办了多久", "您的营业执照贷了多久", True),
        ("营业执照办了多久", "您的营业执照贷多久", False),
        ("还款日是十二月五日", "还款日是十二月六日", False),
    ],
)
def test_words_are_compared_by_their_sounds(wanted: str, heard: str, is_there: bool) -> None:
    assert is_heard(wanted, [Words(0, 1000, heard)]) is is_there
