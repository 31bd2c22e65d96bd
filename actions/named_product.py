"""Named product: which product a customer speaks of by its name, 北辰税易贷 or just 税易贷."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import takewhile

from pypinyin import lazy_pinyin

from actions.lending.products import Product
from actions.services import Services
from actions.turn import Turn

_IT = re.compile(r"它|[这那](?:款|种|个(?=产品))")
"""What stands for a product that was named before."""
_IT_AS_HEARD = re.compile(
    r"(?:^|那|[，。？,.?])[他她](?=的?(?:最|能|可以|要|利|额|年|期|多|怎|有|需|提前|逾期|收|呢))"
)
"""Recognisers write 他 for 它: of people it is understood unless the message just before named a product."""
_MARKS = re.compile(r"\W+")

_LITTLE = 3
"""Characters beside a name that say nothing: 那…的呢."""
_LEAST_SHORT = 3
"""Characters of a name without its institution; 快贷 alone may be anybody's."""


def named_product(turn: Turn, services: Services) -> Product | None:
    """The product in force that the message names, heard right or by its sound (睡易贷); None for none or several."""
    named = products_named(turn, services)
    return named[0] if len(named) == 1 else None


def products_named(turn: Turn, services: Services) -> tuple[Product, ...]:
    """Every product in force that the message names, or the one that 它 stands for."""
    named = _named_in(turn.bare_as_said, services)
    if named or not (_IT.search(turn.bare_as_said) or means_a_product(turn, services)):
        return named
    return _spoken_of_before(turn, services)


def means_a_product(turn: Turn, services: Services) -> bool:
    """Whether 他 was heard for the product that was named in the message before (税易贷怎么样; 那他最多借多少)."""
    if turn.input != "voice" or not _IT_AS_HEARD.search(turn.text) or len(turn.words) < 2:
        return False
    return bool(_named_in(_MARKS.sub("", turn.words[-2]), services))


def _spoken_of_before(turn: Turn, services: Services) -> tuple[Product, ...]:
    """The product that the customer named last, else the one whose price he was told; none where he named two."""
    for words in reversed(turn.words):
        if named := _named_in(_MARKS.sub("", words), services):
            return named if len(named) == 1 else ()
    codes = [one.get("inputs", {}).get("product") for one in turn.told]
    told = next((code for code in reversed(codes) if code), None)
    return tuple(one for one in services.policies.products() if one.code == told)


def _named_in(text: str, services: Services) -> tuple[Product, ...]:
    """Every product in force that is named; short names count where no full one is there."""
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


def says_little_else(turn: Turn, services: Services) -> bool:
    """Whether the message is a product's name and hardly a word beside it (那首贷通呢, 青禾店主贷的)."""
    text, sounds = turn.bare_as_said, _syllables(turn.bare_as_said)
    names = [name for one in services.policies.products() for name in (one.name, _short_name(one)) if name]
    longest = max((len(name) for name in names if _speaks_of(name, text, sounds)), default=0)
    return bool(longest) and len(text) - longest <= _LITTLE


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
