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
from actions.lending.errors import LendingError
from actions.lending.policy_files import house_from, products_from
from actions.lending.products import House, Industry, Product

POLICIES_DIR = Path("data/policies")
HOUSE_FILE = "house.yml"


class PolicyInvalid(LendingError):
    """A policy file is missing, unreadable or against its schema; the message names file and place."""

    code = "policy_invalid"


class ProductUnknown(LendingError):
    """No such product, or no version of it in force on that day."""

    code = "product_unknown"


class PolicyBook:
    """Every version of every product. Immutable after loading; share one among threads."""

    def __init__(self, products: Iterable[Product], house: House, on: date | None = None) -> None:
        """``on`` fixes the day that "in force" means; None means today, whenever asked."""
        self._versions = tuple(products)
        self._on = on
        self.house = house

    @staticmethod
    def load(folder: Path = POLICIES_DIR, on: date | None = None) -> "PolicyBook":
        """Read ``*.yml`` of a folder. Raises PolicyInvalid."""
        house = house_from(_checked(folder / HOUSE_FILE, folder / "house.schema.json"))
        products: list[Product] = []
        for path in sorted(folder.glob("*.yml")):
            if path.name != HOUSE_FILE:
                products += _products(path, folder)
        _check_versions(products, folder)
        _check_industries(products, house, folder)
        return PolicyBook(products, house, on)

    def products(self, on: date | None = None) -> tuple[Product, ...]:
        """Return the products in force, in the order of their codes."""
        day = self._day(on)
        return tuple(sorted((p for p in self._versions if p.in_force(day)), key=lambda p: p.code))

    def product(self, code: str, on: date | None = None) -> Product:
        """Return the version of a product in force. Raises ProductUnknown."""
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
    """Two versions of one product must never be in force on the same day."""
    if not products:
        raise PolicyInvalid(f"规则目录 {folder.name} 里没有任何产品")
    ordered = sorted(products, key=lambda p: (p.code, p.effective_from))
    for earlier, later in pairwise(ordered):
        if earlier.code != later.code:
            continue
        if earlier.version == later.version:
            raise PolicyInvalid(f"产品 {later.code} 的版本号 {later.version} 用了两次")
        if earlier.effective_to is None or later.effective_from <= earlier.effective_to:
            raise PolicyInvalid(f"产品 {later.code} 的 {earlier.version} 版和 {later.version} 版生效日期重叠")


def _check_industries(products: list[Product], house: House, folder: Path) -> None:
    """A rule about an industry that nobody can name would silently never apply."""
    known = {industry.code for industry in house.industries}
    for product in products:
        unknown = set(product.eligibility.excluded_industries) - known
        if unknown:
            raise PolicyInvalid(
                f"{folder.name}：产品 {product.code} 排除了不认识的行业 {'、'.join(sorted(unknown))}"
            )
