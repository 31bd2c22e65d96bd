"""FaqDraft: a question that nobody answers yet, as a patch: an intent with its examples, its rule, its sentence."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from teaching.examples import ExampleUnfit, key_of, patch, plain

TOPICS = {
    "products": "产品与利率",
    "application": "申请",
    "account": "账户",
    "repayment": "还款",
    "identity": "身份",
    "handoff": "人工与投诉",
}
MOST_EXAMPLES = 40
LONGEST_ANSWER = 80

_NAME = re.compile(r"[a-z][a-z_]{2,30}")
_SENTENCE_ENDS = re.compile(r"[。？]")
_NOT_SAID = re.compile(r"[!！A-Za-z{}\[\]\"\\:#\n]")


@dataclass(frozen=True)
class FaqDraft:
    """What the patch is made of."""

    name: str
    """Of the intent, without ``faq_``."""
    topic: str
    answer: str
    examples: Sequence[str]


def faq_patch(root: Path, draft: FaqDraft) -> str:
    """For ``git apply``; the branch's own tests then ask for more examples. Raises ExampleUnfit."""
    intent = _checked(root, draft)
    names = [f"data/{draft.topic}/{name}.yml" for name in ("nlu", "rules", "responses")]
    before = {name: (root / name).read_text(encoding="utf-8") for name in [*names, "domain.yml"]}
    nlu, rules, responses = names
    after = dict(before)
    lines = list({key_of(text): f"    - {plain(text)}\n" for text in draft.examples}.values())[:MOST_EXAMPLES]
    after[nlu] = _ended(before[nlu]) + f"- intent: {intent}\n  examples: |\n" + "".join(lines)
    title = intent.replace("_", " ")
    steps = f"    steps:\n      - intent: {intent}\n      - action: utter_{intent}\n"
    after[rules] = _ended(before[rules]) + f"\n  - rule: {title}\n{steps}"
    after[responses] = _ended(before[responses]) + f"  utter_{intent}:\n    - text: {draft.answer}\n"
    after["domain.yml"] = before["domain.yml"].replace(
        "\n  - nlu_fallback\n", f"\n  - {intent}\n  - nlu_fallback\n", 1
    )
    return patch(before, after)


def _checked(root: Path, draft: FaqDraft) -> str:
    if not _NAME.fullmatch(draft.name):
        raise ExampleUnfit("名称用小写英文字母和下划线，3 到 31 个字符，例如 invoice。")
    intent = f"faq_{draft.name}"
    if re.search(rf"^  - {intent}\s*$", (root / "domain.yml").read_text(encoding="utf-8"), re.MULTILINE):
        raise ExampleUnfit("已经有这个名称的意图。")
    if draft.topic not in TOPICS:
        raise ExampleUnfit("没有这个主题。")
    answer = draft.answer
    if not answer or len(answer) > LONGEST_ANSWER or not answer.endswith(("。", "？")):
        raise ExampleUnfit(f"答复写成一到两句话，以句号结尾，不超过{LONGEST_ANSWER}个字。")
    if len(_SENTENCE_ENDS.findall(answer)) > 2 or _NOT_SAID.search(answer):
        raise ExampleUnfit("答复最多两句，不用感叹号、英文和特殊符号。")
    if not draft.examples:
        raise ExampleUnfit("没有例句。")
    return intent


def _ended(text: str) -> str:
    return text if text.endswith("\n") else f"{text}\n"
