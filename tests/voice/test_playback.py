"""The bot's clauses on their way to the line."""

from voice.speech.playback import Clause, Playback

FRAME = 320


def clause(text: str, frames: int, interruptible: bool = True) -> Clause:
    return Clause(text, bytes([1, 0]) * (FRAME // 2 * frames), interruptible)


def ticks(playback: Playback, count: int) -> list[bytes | None]:
    return [playback.tick() for _ in range(count)]


def test_sound_goes_out_frame_by_frame_and_then_stops() -> None:
    playback = Playback(8000)
    playback.add(clause("您好，", 2))
    assert [piece is not None for piece in ticks(playback, 3)] == [True, True, False]
    assert playback.idle and playback.said == "您好，"


def test_the_last_partial_frame_is_filled_up_and_not_lost() -> None:
    playback = Playback(8000)
    playback.add(Clause("嗯", b"\1\0" * 100))
    piece = playback.tick()
    assert piece is not None and len(piece) == FRAME and piece[:200] == b"\1\0" * 100 and not any(piece[200:])


def test_a_paused_clause_is_said_again_from_its_beginning() -> None:
    playback = Playback(8000)
    playback.add(clause("一", 1))
    playback.add(clause("二", 3))
    ticks(playback, 2)
    playback.pause()
    assert playback.tick() is None
    playback.resume()
    assert sum(piece is not None for piece in ticks(playback, 10)) == 3


def test_dropping_keeps_what_must_be_heard() -> None:
    playback = Playback(8000)
    playback.add(clause("价格，", 2, interruptible=False))
    playback.add(clause("还要别的吗？", 2))
    assert playback.drop_interruptible() == "还要别的吗？"
    assert sum(piece is not None for piece in ticks(playback, 10)) == 2
    assert playback.said == "价格，"


def test_a_clause_tells_when_it_starts_to_sound_once() -> None:
    playback, starts = Playback(8000), []
    playback.add(Clause("您好", bytes(FRAME * 2), on_start=lambda: starts.append(1)))
    assert starts == []
    ticks(playback, 1)
    playback.pause()
    playback.resume()
    ticks(playback, 3)
    assert starts == [1]
