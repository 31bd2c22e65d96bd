"""Figure names: every figure that an action tells reads Chinese to staff."""

import ast
from pathlib import Path

from bot.console.figure_names import FIGURE_NAMES, INPUT_NAMES, figure_inputs, figure_name

ACTIONS = Path(__file__).parents[2] / "actions"
_WHICH = ("next", "following")
"""Instalments that a repayment's figures are named after (actions/repayment.py)."""


def inputs() -> set[str]:
    """What the figures of the actions are said to be computed from, where it stands there in so many words."""
    names: set[str] = set()
    for path in ACTIONS.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "figure":
                for given in (one for one in node.args if isinstance(one, ast.Dict)):
                    names |= {key.value for key in given.keys if isinstance(key, ast.Constant)}
                names |= {keyword.arg for keyword in node.keywords if keyword.arg}
    return names


def told() -> set[str]:
    """The first argument of every ``figure(...)`` in the actions."""
    names: set[str] = set()
    for path in ACTIONS.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (
                isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "figure"
            ):
                continue
            match node.args[0]:
                case ast.Constant(str(name)):
                    names.add(name)
                case ast.JoinedStr([ast.FormattedValue(ast.Name("which")), ast.Constant(str(rest))]):
                    names |= {which + rest for which in _WHICH}
                case other:
                    raise AssertionError(f"{path.name}: a figure without a plain name: {ast.unparse(other)}")
    return names


def test_every_figure_that_is_told_has_a_chinese_name_of_its_own() -> None:
    assert told() == set(FIGURE_NAMES)
    assert len(set(FIGURE_NAMES.values())) == len(FIGURE_NAMES)
    assert all(not name.isascii() for name in FIGURE_NAMES.values())


def test_what_has_no_name_keeps_its_own() -> None:
    assert figure_name("brand_new") == "brand_new"
    assert figure_inputs({"products": ["a 2026.1", "b 2020.1"]}) == "产品 a 2026.1、b 2020.1"
    assert (
        figure_inputs({"loan": "800001", "instalment": 6, "strange": 1}) == "贷款 800001，期次 6，strange 1"
    )


def test_everything_that_a_figure_is_computed_from_has_a_chinese_name() -> None:
    assert len(inputs()) > 10 and inputs() - set(INPUT_NAMES) == set()
