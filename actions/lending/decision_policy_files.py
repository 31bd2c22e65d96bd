"""Decision sections of policy files: from parsed and schema-checked YAML to a DecisionPolicy."""

from collections.abc import Iterable
from decimal import Decimal
from string import Formatter
from typing import Any

from actions.lending.decision_inputs import CHOICES, INPUT_KINDS, InputKind
from actions.lending.decision_policy import (
    PPM,
    TIMES_ONE,
    Adjustment,
    Cap,
    Comparison,
    Condition,
    DecisionPolicy,
    OwnReason,
    Rule,
)
from actions.lending.money import FEN_PER_YUAN

_ALLOWED = {
    InputKind.COUNT: {Comparison.AT_LEAST, Comparison.AT_MOST},
    InputKind.MONEY: {Comparison.AT_LEAST, Comparison.AT_MOST},
    InputKind.CHOICE: {Comparison.ONE_OF, Comparison.NONE_OF},
    InputKind.FLAG: {Comparison.IS},
}


def decision_policy_from(section: Any) -> DecisionPolicy:
    """Return the decision section of one version. Raises ValueError where the parts do not fit together."""
    rules = tuple(_rule(rule) for rule in section["rules"])
    codes = [rule.code for rule in rules]
    if len(set(codes)) < len(codes):
        raise ValueError(f"原因代码重复：{'、'.join(sorted({c for c in codes if codes.count(c) > 1}))}")
    if own := set(codes) & {reason.value for reason in OwnReason}:
        raise ValueError(f"原因代码 {'、'.join(sorted(own))} 是系统自己的")
    return DecisionPolicy(
        rules=rules,
        caps=tuple(_cap(cap) for cap in section["limit"]["caps"]),
        step_fen=_fen(section["limit"]["step_yuan"]),
        adjustments=tuple(
            Adjustment(_condition(one), _whole(one["by"], PPM)) for one in section["rate"]["adjustments"]
        ),
    )


def industries_of(policy: DecisionPolicy) -> set[str]:
    """Return every industry code that the conditions of a policy name."""
    conditions: Iterable[Condition] = (
        *(rule.condition for rule in policy.rules),
        *(one.condition for one in policy.adjustments),
    )
    return {
        code
        for condition in conditions
        if condition.input == "industry" and isinstance(condition.value, tuple)
        for code in condition.value
    }


def _rule(rule: Any) -> Rule:
    condition = _condition(rule)
    if "change" in rule and isinstance(condition.value, tuple):
        raise ValueError(f"{rule['code']}：{condition.input} 不是店主自己能改的")
    return Rule(
        code=rule["code"],
        condition=condition,
        reason=_sentence(rule["reason"], {"value", "own"}),
        change=_sentence(rule["change"], {"value", "own", "gap"}) if "change" in rule else None,
        asked=rule["asked"] == "true",
    )


def _condition(content: Any) -> Condition:
    name, comparison = content["input"], Comparison(content["op"])
    kind = INPUT_KINDS[name]
    if comparison not in _ALLOWED[kind]:
        raise ValueError(f"{name} 不能用 {comparison.value} 比较")
    return Condition(name, comparison, _value(content, name, kind))


def _value(content: Any, name: str, kind: InputKind) -> int | bool | tuple[str, ...]:
    wanted = {InputKind.MONEY: "value_yuan", InputKind.CHOICE: "values"}.get(kind, "value")
    if wanted not in content:
        raise ValueError(f"{name} 的条件缺少 {wanted}")
    value = content[wanted]
    if kind is InputKind.MONEY:
        return _fen(value)
    if kind is InputKind.CHOICE:
        unknown = set(value) - set(CHOICES.get(name, value))
        if unknown:
            raise ValueError(f"{name} 没有 {'、'.join(sorted(unknown))} 这个值")
        return tuple(value)
    if kind is InputKind.FLAG:
        if value not in ("true", "false"):
            raise ValueError(f"{name} 只能是 true 或 false")
        return bool(value == "true")
    return int(value)


def _cap(cap: Any) -> Cap:
    for name in (cap.get("input"), cap.get("minus")):
        if name is not None and INPUT_KINDS[name] is not InputKind.MONEY:
            raise ValueError(f"额度不能按 {name} 计算，它不是金额")
    if ("fixed_yuan" in cap) == ("input" in cap) or ("input" in cap) != ("times" in cap):
        raise ValueError("额度上限要么写 fixed_yuan，要么写 input 和 times")
    return Cap(
        input=cap.get("input"),
        times=_whole(cap.get("times", "0"), TIMES_ONE),
        minus=cap.get("minus"),
        fixed_fen=_fen(cap["fixed_yuan"]) if "fixed_yuan" in cap else None,
        change=_sentence(cap["change"], {"value", "own", "gap"}) if "change" in cap else None,
        asked=cap.get("asked", "false") == "true",
    )


def _sentence(text: str, placeholders: set[str]) -> str:
    """A placeholder that nothing fills would fail in the middle of a call."""
    unknown = {name for _, name, _, _ in Formatter().parse(text) if name is not None} - placeholders
    if unknown:
        raise ValueError(f"“{text}”里的 {{{'、'.join(sorted(unknown))}}} 没有意义")
    return text


def _whole(number: str, parts: int) -> int:
    """Turn a decimal number into whole parts of one; the schema allows no more places than parts have."""
    exact = Decimal(number) * parts
    if exact != int(exact):
        raise ValueError(f"{number} 的小数位太多")
    return int(exact)


def _fen(yuan: str) -> int:
    return int(yuan) * FEN_PER_YUAN
