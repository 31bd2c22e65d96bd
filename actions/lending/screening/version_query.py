"""Version query: which of two versions that run side by side a row gets, as SQL (version_share.share_bucket)."""

from collections.abc import Sequence

from actions.lending.products import Product
from actions.lending.screening.columns import KEY_COLUMN
from actions.lending.version_share import PARTS, product_salt

_TWO_TO_64 = 1 << 64


def bucket_columns(products: Sequence[Product]) -> list[str]:
    """Return a column ``bucket_<product code>`` for every product that has versions side by side."""
    return [f"{_bucket(code)} AS {_bucket_name(code)}" for code in _shared_codes(products)]


def is_chosen(products: Sequence[Product], index: int) -> str:
    """Return the condition under which a row gets this version; empty where every row does.

    Challengers take the buckets from 0 on in their order, the champion has the rest and all rows without a key.
    """
    product = products[index]
    if product.code not in _shared_codes(products):
        return ""
    rivals = [one for one in products if one.code == product.code and one.runs_beside is not None]
    name = _bucket_name(product.code)
    if product.runs_beside is None:
        return f"({name} IS NULL OR {name} >= {sum(one.share for one in rivals)})"
    first = sum(one.share for one in rivals[: rivals.index(product)])
    return f"({name} >= {first} AND {name} < {first + product.share})"


def _shared_codes(products: Sequence[Product]) -> list[str]:
    return sorted({product.code for product in products if product.runs_beside is not None})


def _bucket_name(code: str) -> str:
    return f"bucket_{code}"


def _bucket(code: str) -> str:
    state = f"(({KEY_COLUMN}::UHUGEINT + {product_salt(code)}::UHUGEINT) % {_TWO_TO_64}::UHUGEINT)::UBIGINT"
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = f"xor({state}, ({state}) >> {shift}::UBIGINT)"
        state = f"(({mixed})::UHUGEINT * {factor}::UHUGEINT % {_TWO_TO_64}::UHUGEINT)::UBIGINT"
    return f"(xor({state}, ({state}) >> 31::UBIGINT) % {PARTS}::UBIGINT)::INTEGER"
