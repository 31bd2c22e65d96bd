"""What Vosk's final results hold: readings with a likelihood, words with a place and a confidence."""

import math

import pytest

from voice.hearing.vosk_readings import vosk_readings


def entry(word: str, start: float) -> dict[str, object]:
    return {"word": word, "start": start, "end": start + 0.3}


def alternative(likelihood: float, *words: str) -> dict[str, object]:
    rows = [entry(word, 0.3 * place) for place, word in enumerate(words)]
    return {"confidence": likelihood, "result": rows, "text": " ".join(words)}


def test_one_reading_keeps_the_engines_confidences() -> None:
    (reading,) = vosk_readings({"text": "还款", "result": [entry("还款", 0.5) | {"conf": 0.7}]})
    assert reading.text == "还款"
    assert (reading.words[0].start_ms, reading.words[0].end_ms, reading.words[0].confidence) == (
        500,
        800,
        0.7,
    )


def test_a_word_is_as_sure_as_the_readings_that_have_it_then() -> None:
    likelihoods = math.log(0.6) + 300, math.log(0.3) + 300, math.log(0.1) + 300
    readings = vosk_readings(
        {
            "alternatives": [
                alternative(likelihoods[0], "我", "还款", "我"),
                alternative(likelihoods[1], "我", "换款", "我"),
                alternative(likelihoods[2], "还款"),
            ]
        }
    )
    assert [reading.text for reading in readings] == ["我 还款 我", "我 换款 我", "还款"]
    assert [word.confidence for word in readings[0].words] == pytest.approx([0.9, 0.6, 0.9])
    assert readings[0].total - readings[1].total == pytest.approx(math.log(2))


@pytest.mark.parametrize(
    "final",
    [
        {"text": ""},
        {"alternatives": []},
        {"alternatives": [{"confidence": 12.0, "text": ""}]},
        {"alternatives": [alternative(1.0, "[unk]")]},
    ],
)
def test_where_nothing_was_heard_there_is_no_reading(final: dict[str, object]) -> None:
    assert vosk_readings(final) == []
