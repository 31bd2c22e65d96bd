"""Whisper settings: the recipe, with what each figure is for."""

import re
from dataclasses import dataclass

LOAN_PROMPT = (
    "贷款客服。还款、放款、扣款、借款、利息、利率、额度、授信、逾期、征信、本金、月供、期数、审批、展期、结清、"
    "等额本息、先息后本、提前还款、违约金、营业执照、首贷、抵押、担保、人工客服。"
)
"""Read to Whisper before an open answer: 16.6 % to 11.1 % CER on loan sentences at telephone quality."""

_PIECES = re.compile(r"[\u4e00-\u9fff]+")


def repeats_the_prompt(text: str) -> bool:
    """Return whether these are words of the prompt and nothing else: what Whisper writes over noise.

    人工 or 人工客服 alone is not: whoever asks for a person gets one.
    """
    pieces = _PIECES.findall(text)
    return any("人工" not in piece for piece in pieces) and all(piece in LOAN_PROMPT for piece in pieces)


@dataclass(frozen=True)
class WhisperSettings:
    """The recipe, with the measurement behind each figure in docs/recognition.md."""

    context_s: float = 10.0
    """Seconds of sound the encoder sees at least; below 8 it degrades, 30 costs five times as much."""
    short_s: float = 1.9
    """Utterances up to this long, end silence included, may be a single word."""
    beam: int = 5
    closed_beam: int = 10
    no_repeat_ngram: int = 5
    no_speech_limit: float = 0.55
    no_speech_when_unsure: float = 0.35
    sure_log_probability: float = -0.8
    """People and synthetic callers stay below 0.25; bursts of noise lie between 0.5 and 0.9."""
    answer_log_probability: float = -0.5
    """Mean a token from which an answer is none of noise, whatever no_speech says: 没问题 came with 0.66."""
    lost_log_probability: float = -1.2
    no_speech_when_lost: float = 0.22
    """Below the one and above the other an answer is Whisper's own invention: tones and hums that fit 对, 不 and 要."""
    least_log_probability: float = -1.2
    """Mean a token; below it, or above the limit of no speech, the words are Whisper's own invention."""
    least_of_prompt: float = -0.51
    """The same (0.6) for nothing but words of the prompt in more than a word's time."""
    least_of_short: float = -1.1
    """The same for a word or two, where the prompt makes 贷 of 嗯."""
    workers: int = 2
    """Utterances recognised at once, each on one core."""


def is_no_speech(log_probability: float, no_speech: float, settings: WhisperSettings) -> bool:
    """Return whether a reading with this mean log probability a token and Whisper's share of no speech is noise."""
    unsure = log_probability < settings.sure_log_probability
    return no_speech > settings.no_speech_limit or (unsure and no_speech > settings.no_speech_when_unsure)


def is_no_answer(log_probability: float, no_speech: float, settings: WhisperSettings) -> bool:
    """As ``is_no_speech``, for a word or two that were heard without the prompt (docs/adr/0148)."""
    if log_probability >= settings.answer_log_probability:
        return False
    lost = log_probability < settings.lost_log_probability
    return is_no_speech(log_probability, no_speech, settings) or (
        lost and no_speech > settings.no_speech_when_lost
    )
