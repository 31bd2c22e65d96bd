"""Texts: what the synthetic voices say. Borrowers' sentences, figures, digits, and general words; seeded."""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from speech_model.figures import a_date, amount, digits, rate, term, yes_or_no

RESERVED = Path(__file__).with_name("reserved_sentences.txt")
"""Sentences that tests and benchmarks are measured with: no voice says them in training, no model reads them."""

MOST_CHARACTERS = 24
"""Longer sentences are cut at their commas; at this length an utterance stays below six seconds."""

_OPENINGS = (
    *(
        "喂，",
        "你好，",
        "喂你好，",
        "请问",
        "请问一下",
        "我想问一下",
        "我问一下",
        "麻烦问一下",
        "那个，",
        "就是说，",
    ),
    *(
        "嗯，",
        "哎，",
        "不好意思，",
        "帮我看一下",
        "我想了解一下",
        "你帮我查一下，",
        "对，",
        "是的，",
        "没有，",
        "那",
    ),
)
_ENDINGS = (
    "",
    "呢",
    "啊",
    "呀",
    "吗",
    "吧",
    "，谢谢",
    "，麻烦了",
    "，可以吗",
    "，行不行",
    "，好吗",
    "嘛",
    "啦",
)
_AROUND_FIGURES = (
    *(
        "我想借{amount}",
        "贷{amount}分{term}还",
        "我要还{amount}",
        "一共{amount}",
        "{amount}",
        "{term}",
        "{date}",
    ),
    *("每个月还{amount}", "上个月还了{amount}", "我{date}还的款", "{date}之前可以吗", "大概{amount}左右"),
    *("利率是{rate}吗", "年化{rate}", "是{date}扣的款", "借{term}", "我做了{term}了", "一年流水{amount}"),
    *("为什么扣了{amount}", "能借到{amount}吗", "{date}到账的", "还剩{amount}没还", "分{term}", "{rate}"),
    *("是{amount}，不是{amount}", "{date}申请的", "我有{amount}的货款", "月收入{amount}", "最少{amount}"),
)


def reserved() -> set[str]:
    """Return the reserved sentences, bare of punctuation."""
    return {bare(line) for line in RESERVED.read_text("utf-8").splitlines() if line}


def bare(text: str) -> str:
    """Leave the Chinese characters of a text."""
    return re.sub(r"[^\u4e00-\u9fff]", "", text)


def domain_sentences(data: Path) -> list[str]:
    """Return what understanding is trained with and what the bot says, without markup; no reserved sentence."""
    held_back = reserved()
    found: dict[str, None] = {}
    for path in sorted(data.glob("*/nlu.yml")):
        for line in re.findall(r"^\s+- (?!intent|lookup|synonym|regex)(.+)$", path.read_text("utf-8"), re.M):
            found[re.sub(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})", r"\1", line).strip()] = None
    for path in sorted(data.glob("*/responses.yml")):
        for line in re.findall(r"^\s+- text: (.+)$", path.read_text("utf-8"), re.M):
            found[line.strip().strip("\"'")] = None
    return [text for text in found if bare(text) and bare(text) not in held_back]


def sayings(
    sentences: Sequence[str],
    words: Sequence[tuple[str, int]],
    say: Callable[[str], str],
    count: int,
    seed: int,
) -> Iterator[str]:
    """Yield ``count`` things to say: half borrowers' sentences, a fifth figures and digits, the rest general words.

    ``words`` are general words with their frequency; ``say`` writes figures out as they are spoken.
    """
    chance, held_back = random.Random(seed), reserved()
    general = _GeneralWords(words, chance)
    own = [piece for text in sentences for piece in pieces(say(filled(text, chance)))]
    kinds: list[tuple[float, Callable[[], str]]] = [
        (0.50, lambda: _as_borrowers_say(chance.choice(own), chance)),
        (0.62, lambda: say(filled(chance.choice(_AROUND_FIGURES), chance))),
        (0.70, lambda: digits(chance)),
        (0.73, lambda: yes_or_no(chance)),
        (1.01, general.saying),
    ]
    made = 0
    while made < count:
        drawn = chance.random()
        text = next(make for below, make in kinds if drawn < below)()
        if bare(text) and bare(text) not in held_back and len(text) <= MOST_CHARACTERS + 8:
            made += 1
            yield text


def figure_sayings(count: int, chance: random.Random) -> Iterator[str]:
    """Yield figures as borrowers say them: in sentences, dictated, and short answers; figures not yet written out."""
    for _ in range(count):
        drawn = chance.random()
        if drawn < 0.6:
            yield filled(chance.choice(_AROUND_FIGURES), chance)
        else:
            yield digits(chance) if drawn < 0.85 else yes_or_no(chance)


def variants(sentences: Sequence[str], chance: random.Random) -> Iterator[str]:
    """Yield each sentence once as a borrower may begin and end it, with figures in its placeholders."""
    for text in sentences:
        yield _as_borrowers_say(filled(text, chance), chance)


def filled(text: str, chance: random.Random) -> str:
    """Put figures of the right kind where a response has its placeholders."""
    makers = {"amount": amount, "date": a_date, "rate": rate, "term": term}

    def figure(match: re.Match[str]) -> str:
        name = match.group(1)
        kind = next((kind for kind in makers if kind in name), "amount")
        return makers[kind](chance)

    return re.sub(r"\{(\w+)\}", figure, text)


def pieces(text: str) -> list[str]:
    """Cut a spoken text into sentences of at most MOST_CHARACTERS, at its punctuation; letters fall out."""
    text = re.sub(r"[^\u4e00-\u9fff，。？！；：、]", "", text)
    found: list[str] = []
    for sentence in re.split(r"(?<=[。？！；])", text):
        for clause in re.split(r"(?<=[，：])", sentence):
            if (
                found
                and len(found[-1] + clause) <= MOST_CHARACTERS
                and not re.search(r"[。？！；]$", found[-1])
            ):
                found[-1] += clause
            elif bare(clause):
                found.append(clause)
    return [piece for piece in found if bare(piece) and len(piece) <= MOST_CHARACTERS + 4]


def _as_borrowers_say(text: str, chance: random.Random) -> str:
    if chance.random() < 0.3:
        text = chance.choice(_OPENINGS) + text
    if chance.random() < 0.2 and re.search(r"[\u4e00-\u9fff]$", text):
        text += chance.choice(_ENDINGS)
    return text


class _GeneralWords:
    """Rows of general words, the rarer syllables as often as the common ones allow."""

    def __init__(self, words: Sequence[tuple[str, int]], chance: random.Random) -> None:
        self._words = [word for word, _ in words]
        self._common = [frequency**0.5 for _, frequency in words]
        self._even = [frequency**0.15 for _, frequency in words]
        self._chance = chance

    def saying(self) -> str:
        """Two to six words; a comma in some."""
        weights = self._common if self._chance.random() < 0.5 else self._even
        said = self._chance.choices(self._words, weights, k=self._chance.randint(2, 6))
        joined = [said[0]]
        for word in said[1:]:
            joined += ["，" if self._chance.random() < 0.12 else "", word]
        return "".join(joined)[:MOST_CHARACTERS]
