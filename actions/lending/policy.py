"""PolicyBook: all products and house rules, read from versioned, schema-checked YAML files."""

import json
from collections.abc import Iterable
from datetime import date
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import jsonschema
import yaml

from actions.lending import clock
from actions.lending.decision_policy_files import industries_of
from actions.lending.decision_words import DecisionWords
from actions.lending.errors import LendingError
from actions.lending.policy_files import house_from, products_from
from actions.lending.products import House, Industry, Product
from actions.lending.version_share import PARTS, share_bucket

POLICIES_DIR = Path("data/policies")
HOUSE_FILE = "house.yml"
WORDS_FILE = "words.yml"


class PolicyInvalid(LendingError):
    """A policy file is missing, unreadable or against its schema; the message names file and place."""

    code = "policy_invalid"


class ProductUnknown(LendingError):
    """No such product, or no version of it in force on that day."""

    code = "product_unknown"


class PolicyBook:
    """Every version of every product. Immutable after loading; share one among threads."""

    def __init__(
        self, products: Iterable[Product], house: House, words: DecisionWords, on: date | None = None
    ) -> None:
        """``on`` fixes the day that "in force" means; None means today, whenever asked."""
        self._versions = tuple(products)
        self._on = on
        self.house = house
        self.words = words

    @staticmethod
    def load(folder: Path = POLICIES_DIR, on: date | None = None) -> "PolicyBook":
        """Read ``*.yml`` of a folder. Raises PolicyInvalid."""
        house = house_from(_checked(folder / HOUSE_FILE, folder / "house.schema.json"))
        spoken = _checked(folder / WORDS_FILE, folder / "words.schema.json")
        words = DecisionWords(**spoken, industries={one.code: one.name for one in house.industries})
        products: list[Product] = []
        for path in sorted(folder.glob("*.yml")):
            if path.name not in (HOUSE_FILE, WORDS_FILE):
                products += _products(path, folder)
        _check_versions(products, folder)
        _check_industries(products, house, folder)
        return PolicyBook(products, house, words, on)

    def products(self, on: date | None = None) -> tuple[Product, ...]:
        """Return the products in force, in the order of their codes, each in its regular version."""
        return tuple(product for product in self.in_force(on) if product.runs_beside is None)

    def products_for(self, key: int | None, on: date | None = None) -> tuple[Product, ...]:
        """Return the products in force, each in the version that this business gets (``version_share``).

        ``key`` is 64 bits, see applicant_key; None gets the regular versions.
        """
        if key is None:
            return self.products(on)
        challengers = [product for product in self.in_force(on) if product.runs_beside is not None]
        return tuple(_version_for(product, challengers, key) for product in self.products(on))

    def in_force(self, on: date | None = None) -> tuple[Product, ...]:
        """Return every version in force, challengers behind their champions, in the order of the codes."""
        day = self._day(on)
        running = (product for product in self._versions if product.in_force(day))
        return tuple(sorted(running, key=lambda p: (p.code, p.runs_beside is not None, p.version)))

    def product(self, code: str, on: date | None = None) -> Product:
        """Return the regular version of a product in force. Raises ProductUnknown."""
        for product in self.products(on):
            if product.code == code:
                return product
        raise ProductUnknown(f"没有代码为 {code} 的在售产品")

    def version(self, code: str, version: str) -> Product:
        """Return one version of a product, in force or not: loans keep theirs. Raises ProductUnknown."""
        try:
            return self._by_version[code, version]
        except KeyError:
            raise ProductUnknown(f"没有产品 {code} 的 {version} 版规则") from None

    def all_versions(self) -> tuple[Product, ...]:
        """Return every version of every product."""
        return self._versions

    def industry_named(self, words: str) -> Industry | None:
        """Find the line of business that is named somewhere in the customer's words; the longest name wins."""
        found = [
            (len(name), industry)
            for industry in self.house.industries
            for name in (industry.code, industry.name, *industry.aliases)
            if name in words
        ]
        return max(found, key=lambda pair: pair[0])[1] if found else None

    def industry(self, code: str) -> Industry | None:
        """Return the line of business with that code."""
        return next((industry for industry in self.house.industries if industry.code == code), None)

    def _day(self, on: date | None) -> date:
        return on or self._on or clock.today()

    @cached_property
    def _by_version(self) -> dict[tuple[str, str], Product]:
        return {(product.code, product.version): product for product in self._versions}


def _version_for(champion: Product, challengers: Iterable[Product], key: int) -> Product:
    """Challengers take the buckets from 0 on, in the order of their versions; the champion has the rest."""
    bucket = share_bucket(champion.code, key)
    for challenger in challengers:
        if challenger.code == champion.code:
            if bucket < challenger.share:
                return challenger
            bucket -= challenger.share
    return champion


def _products(path: Path, folder: Path) -> list[Product]:
    content = _checked(path, folder / "products.schema.json")
    try:
        return products_from(content)
    except ValueError as error:  # 30 February fits the schema's pattern
        raise PolicyInvalid(f"规则文件 {path.name} 里有不存在的日期或数字：{error}") from error


def _checked(path: Path, schema_path: Path) -> Any:
    """Parse a YAML file and hold it against its JSON schema."""
    try:
        # BaseLoader keeps every scalar a string: 0.0005 must never pass through a float.
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
        schema = json.loads(schema_path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, json.JSONDecodeError) as error:
        raise PolicyInvalid(f"规则文件 {path.name} 无法读取：{error}") from error
    errors = sorted(
        jsonschema.Draft7Validator(schema).iter_errors(content), key=lambda e: list(map(str, e.path))
    )
    if errors:
        place = "/".join(str(step) for step in errors[0].absolute_path) or "（文件开头）"
        raise PolicyInvalid(f"规则文件 {path.name} 的 {place} 不合规则：{errors[0].message}")
    return content


def _check_versions(products: list[Product], folder: Path) -> None:
    """Two versions of one product are in force on the same day only where one says that it runs beside the other."""
    if not products:
        raise PolicyInvalid(f"规则目录 {folder.name} 里没有任何产品")
    by_version: dict[tuple[str, str], Product] = {}
    for product in products:
        if by_version.setdefault((product.code, product.version), product) is not product:
            raise PolicyInvalid(f"产品 {product.code} 的版本号 {product.version} 用了两次")
    regular = [product for product in products if product.runs_beside is None]
    for earlier, later in pairwise(sorted(regular, key=lambda p: (p.code, p.effective_from))):
        if earlier.code == later.code and later.effective_from <= _last_day(earlier):
            raise PolicyInvalid(f"产品 {later.code} 的 {earlier.version} 版和 {later.version} 版生效日期重叠")
    for product in products:
        if product.runs_beside is not None:
            _check_challenger(product, by_version.get((product.code, product.runs_beside)), products)


def _check_challenger(challenger: Product, champion: Product | None, products: list[Product]) -> None:
    """A challenger needs a champion for every one of its days, and leaves it a share."""
    name = f"产品 {challenger.code} 的 {challenger.version} 版"
    if champion is None or champion.runs_beside is not None:
        raise PolicyInvalid(f"{name}并行的 {challenger.runs_beside} 版不存在，或者自己也是并行版")
    if challenger.effective_from < champion.effective_from or _last_day(challenger) > _last_day(champion):
        raise PolicyInvalid(f"{name}的生效日期超出了 {champion.version} 版")
    rivals = [p for p in products if (p.code, p.runs_beside) == (challenger.code, champion.version)]
    if challenger.share == 0 or sum(rival.share for rival in rivals) >= PARTS:
        raise PolicyInvalid(f"{name}的份额必须大于0，所有并行版加起来要小于1")


def _last_day(product: Product) -> date:
    return product.effective_to or date.max


def _check_industries(products: list[Product], house: House, folder: Path) -> None:
    """A rule about an industry that nobody can name would silently never apply."""
    known = {industry.code for industry in house.industries}
    for product in products:
        unknown = industries_of(product.decision) - known
        if unknown:
            raise PolicyInvalid(
                f"{folder.name}：产品 {product.code} 的规则里有不认识的行业 {'、'.join(sorted(unknown))}"
            )
