"""Named product: which product a customer speaks of by its name, 北辰税易贷 or just 税易贷."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import takewhile

from pypinyin import lazy_pinyin

from actions.lending.products import Product
from actions.services import Services
from actions.turn import Turn

_LEAST_SHORT = 3
"""Characters of a name without its institution; 快贷 alone may be anybody's."""


def named_product(turn: Turn, services: Services) -> Product | None:
    """The product in force that the message names, heard right or by its sound (睡易贷); None for none or several."""
    named = products_named(turn, services)
    return named[0] if len(named) == 1 else None


def products_named(turn: Turn, services: Services) -> tuple[Product, ...]:
    """Every product in force that the message names; short names count where no full one is there."""
    text = turn.bare_text
    sounds = _syllables(text)
    products = services.policies.products()
    for length in ("full", "short"):
        found = {
            product.code: product
            for product in products
            for name in (product.name if length == "full" else _short_name(product),)
            if name and _speaks_of(name, text, sounds)
        }
        if found:
            return tuple(found.values())
    return ()


def products_spoken_of(turn: Turn, services: Services) -> tuple[Product, ...]:
    """The one product that the message names, or all of them."""
    named = named_product(turn, services)
    return services.policies.products() if named is None else (named,)


def response_about(products: tuple[Product, ...], every: str, one: str) -> str:
    """The response about all products, or the one that names its product."""
    return one if len(products) == 1 else every


def _short_name(product: Product) -> str:
    """The name without what it shares with its institution's: 税易贷 of 北辰税易贷 by 北辰普惠银行."""
    pairs = zip(product.name, product.institution, strict=False)
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    short = product.name[shared:]
    return short if len(short) >= _LEAST_SHORT else ""


def _speaks_of(name: str, text: str, sounds: tuple[str, ...]) -> bool:
    """Whether the name is there by sound, and not as the beginning of 抵押贷款."""
    return any(text[end : end + 1] != "款" for end in _ends(name, sounds))


def _ends(name: str, sounds: tuple[str, ...]) -> Iterator[int]:
    wanted = _syllables(name)
    for start in range(len(sounds) - len(wanted) + 1):
        if sounds[start : start + len(wanted)] == wanted:
            yield start + len(wanted)


@lru_cache(maxsize=1024)
def _syllables(text: str) -> tuple[str, ...]:
    """One toneless syllable for each character; what is no Chinese character stays as it is."""
    return tuple(sound for sign in text for sound in lazy_pinyin(sign))
