"""Version query: which of two versions that run side by side a row gets, as SQL (version_share.share_bucket)."""

from collections.abc import Sequence

from actions.lending.products import Product
from actions.lending.screening.columns import KEY_COLUMN
from actions.lending.version_share import LAST_SHIFT, MIXING, PARTS, WORD, product_salt


def bucket_stages(products: Sequence[Product]) -> list[str]:
    """Return the select lists of successive stages that make a column ``bucket_<product code>``.

    For every product with versions side by side; null without a key. One step a stage: written as one expression,
    every step would repeat the one before it twice.
    """
    codes = _shared_codes(products)
    if not codes:
        return []
    folded = f"xor({KEY_COLUMN} >> 32, {KEY_COLUMN} & {WORD})"
    stages = [
        ", ".join(
            ["*", *(f"xor({folded}, {product_salt(code)}::UBIGINT) AS {_bucket(code)}" for code in codes)]
        )
    ]
    for shift, factor in MIXING:
        stages.append(_replaced(codes, f"(xor({{0}}, {{0}} >> {shift}) * {factor}) & {WORD}"))
    return [*stages, _replaced(codes, f"xor({{0}}, {{0}} >> {LAST_SHIFT}) % {PARTS}")]


def _replaced(codes: Sequence[str], step: str) -> str:
    return f"* REPLACE ({', '.join(f'{step.format(_bucket(code))} AS {_bucket(code)}' for code in codes)})"


def is_chosen(products: Sequence[Product], index: int) -> str:
    """Return the condition under which a row gets this version; empty where every row does.

    Challengers take the buckets from 0 on in their order, the champion has the rest and all rows without a key.
    """
    product = products[index]
    if product.code not in _shared_codes(products):
        return ""
    rivals = [one for one in products if one.code == product.code and one.runs_beside is not None]
    name = _bucket(product.code)
    if product.runs_beside is None:
        return f"({name} IS NULL OR {name} >= {sum(one.share for one in rivals)})"
    first = sum(one.share for one in rivals[: rivals.index(product)])
    return f"({name} >= {first} AND {name} < {first + product.share})"


def _shared_codes(products: Sequence[Product]) -> list[str]:
    return sorted({product.code for product in products if product.runs_beside is not None})


def _bucket(code: str) -> str:
    return f"bucket_{code}"
