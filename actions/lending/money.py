"""Money: integer fen, rounded half up, and the written form that messages use."""

from decimal import ROUND_HALF_UP, Decimal

FEN_PER_YUAN = 100


def round_fen(amount_fen: Decimal) -> int:
    """Round an exact amount in fen to whole fen, half up (四舍五入)."""
    return int(amount_fen.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def written_yuan(amount_fen: int) -> str:
    """Write an amount as messages do: ``3250元``, ``3250.55元``; no thousands separator, ``.00`` dropped."""
    sign = "-" if amount_fen < 0 else ""
    yuan, fen = divmod(abs(amount_fen), FEN_PER_YUAN)
    return f"{sign}{yuan}.{fen:02d}元" if fen else f"{sign}{yuan}元"


def written_percent(rate: Decimal) -> str:
    """Write a rate as messages do: ``Decimal("0.108")`` as ``10.80%``."""
    return f"{(rate * 100).quantize(Decimal('0.01'), rounding=ROUND_HALF_UP)}%"
