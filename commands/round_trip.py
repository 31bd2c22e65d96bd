"""Round trip: the bot's sentences spoken and recognised again, with the cost of speaking them.

``python -m commands.round_trip [kokoro|pyttsx3] [8k|16k]`` prints each sentence and one JSON line at the end.
"""

import asyncio
import json
import re
import sys
import time

from commands.caller_voices import LINES_HZ, models_dir
from voice.hearing.expectation import OPEN
from voice.hearing.recognizer import Recognizer
from voice.hearing.recognizer_choice import load_recognizer
from voice.line.telephone_line import telephone_quality
from voice.sound.audio import BYTES_PER_SAMPLE, FRAME_MS, AudioFrame, silence
from voice.sound.resampling import resample
from voice.speech.clauses import split_clauses
from voice.speech.speaker import pause_after
from voice.speech.spoken_text import spoken
from voice.speech.synthesizer_kokoro import KokoroSynthesizer
from voice.speech.synthesizer_pyttsx3 import Pyttsx3Synthesizer

SENTENCES = (
    "您好，这里是贷款服务中心，我是智能语音客服，本次通话会被录音。",
    "请问有什么可以帮您？",
    "您本期应还3250.55元，还款日是12月15日。",
    "您还剩9期没有还，剩余本金是28600元。",
    "您的贷款已经逾期9天，逾期金额是4125.30元。",
    "年利率是10.80%，按等额本息计算。",
    "借10000元，分12期，每期大约还882.56元。",
    "您的申请正在审核，一般需要1-3个工作日。",
    "很抱歉，您的申请没有通过，原因是综合评分不足。",
    "您的总额度是300000元，可用额度是120000元。",
    "额度有效期到2027年1月15日。",
    "请说一下您身份证的最后四位。",
    "您说的是「1234」，对吗？",
    "身份核对成功，正在为您查询。",
    "您可以提前还款，需要付剩余本金的1%作为违约金。",
    "款项已经在11月20日放到尾号「8821」的银行卡。",
    "昨天的自动扣款没有成功，原因是余额不足。",
    "请在今天20:00以前存够3250元。",
    "您可以重新申请，也可以换一张银行卡。",
    "逾期会影响您的征信，请尽快还清。",
    "最多可以借50万元，最长可以分36期。",
    "需要准备营业执照、身份证和最近6个月的流水。",
    "好的，我帮您转人工客服，请稍等。",
    "感谢您的来电，再见。",
)


def plain(text: str) -> str:
    """What is compared: Chinese characters as said, 幺 and 两 like their plain numerals."""
    said = re.sub(r"[^\u4e00-\u9fff]", "", spoken(text))
    return said.replace("幺", "一").replace("两", "二")


def edits(left: str, right: str) -> int:
    """Levenshtein distance."""
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        before, row[0] = row[0], i
        for j, b in enumerate(right, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (a != b))
    return row[-1]


async def heard(recognizer: Recognizer, pcm: bytes, rate: int) -> str:
    """Recognise one sentence as a call would."""
    stream = recognizer.start_stream(rate, OPEN)
    size = rate * FRAME_MS // 1000 * BYTES_PER_SAMPLE
    padded = silence(300, rate) + pcm + silence(600, rate)
    for start in range(0, len(padded), size):
        await stream.accept(AudioFrame(padded[start : start + size], rate, start // size * FRAME_MS))
    return (await stream.finish()).text


async def main(engine: str = "kokoro", line: str = "16k") -> None:
    """Measure one voice on one line."""
    rate = LINES_HZ[line]
    voice = KokoroSynthesizer(models_dir() / "kokoro") if engine == "kokoro" else Pyttsx3Synthesizer()
    voice.speak("您好1")
    recognizer = load_recognizer("whisper", models_dir(), None)
    wrong = characters = 0
    cpu_s = sound_s = wall_s = 0.0
    for sentence in SENTENCES:
        began_cpu, began = time.process_time(), time.perf_counter()
        clauses = [(clause, voice.speak(clause)) for clause in split_clauses(sentence)]
        cpu_s += time.process_time() - began_cpu
        wall_s += time.perf_counter() - began
        sound_s += sum(len(pcm) for _, pcm in clauses) / BYTES_PER_SAMPLE / voice.sample_rate
        pcm = b"".join(pcm + pause_after(clause, voice.sample_rate) for clause, pcm in clauses)
        on_line = (
            telephone_quality(pcm, voice.sample_rate)
            if line == "8k"
            else resample(pcm, voice.sample_rate, rate)
        )
        text = await heard(recognizer, on_line, rate)
        errors = edits(plain(sentence), plain(text))
        wrong += errors
        characters += len(plain(sentence))
        print(f"{errors:2d}  {plain(sentence)}\n    {plain(text)}")
    result = {
        "engine": engine,
        "line": line,
        "cer": round(wrong / characters, 4),
        "n": len(SENTENCES),
        "characters": characters,
        "sound_s": round(sound_s, 1),
        "rtf_cpu": round(cpu_s / sound_s, 3),
        "rtf_wall": round(wall_s / sound_s, 3),
    }
    voice.close()
    print(json.dumps(result, ensure_ascii=False))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
