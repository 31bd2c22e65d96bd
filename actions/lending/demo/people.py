"""People: 200 invented business owners; Faker with a fixed seed, so always the same ones."""

import random
from dataclasses import dataclass
from datetime import date

from faker import Faker

from actions.lending.demo.id_cards import id_card, id_card_ending

PEOPLE = 200
SEED = 20_261_123
FIRST_OTHER_PHONE = 19_900_001_000

_PLACES = (
    ("510107", "四川省", "成都市"),
    ("510703", "四川省", "绵阳市"),
    ("500103", "重庆市", "重庆市"),
    ("520103", "贵州省", "贵阳市"),
    ("530102", "云南省", "昆明市"),
    ("420106", "湖北省", "武汉市"),
    ("430102", "湖南省", "长沙市"),
    ("440103", "广东省", "广州市"),
    ("440606", "广东省", "佛山市"),
    ("330106", "浙江省", "杭州市"),
    ("330782", "浙江省", "义乌市"),
    ("320106", "江苏省", "南京市"),
    ("370102", "山东省", "济南市"),
    ("410105", "河南省", "郑州市"),
    ("610103", "陕西省", "西安市"),
    ("350203", "福建省", "厦门市"),
)
_SIGNS = {
    "catering": ("小吃店", "火锅店", "面馆", "烧烤店"),
    "retail": ("便利店", "水果店", "烟酒店", "母婴用品店"),
    "clothing": ("服装店", "童装店", "鞋店"),
    "beauty": ("理发店", "美甲店", "美容院"),
    "car_repair": ("汽车修理厂", "洗车店", "轮胎店"),
    "logistics": ("货运部", "快递点", "搬家公司"),
    "farming": ("养殖场", "果园", "农资店"),
    "building_materials": ("五金店", "瓷砖店", "门窗厂"),
    "training": ("培训班", "托管班", "驾校"),
    "manufacturing": ("家具厂", "印刷厂", "服装加工厂"),
}
INDUSTRIES = tuple(_SIGNS)


@dataclass(frozen=True)
class Person:
    """A business owner. ``number`` counts from 1 and is the borrower's id."""

    number: int
    name: str
    gender: str
    """``m`` or ``f``."""
    phone: str
    id_card: str
    is_first_time_borrower: bool
    business: str
    industry: str
    region: str
    city: str
    business_age_months: int
    """At the day of the demo data."""


ZHANG_WEI, LI_NA, WANG_QIANG = 1, 2, 3
"""Numbers of the three demo borrowers; their phones and ID ends are promised in the design: never change them."""


def demo_people() -> tuple[Person, ...]:
    """Return everybody, the three demo borrowers first. Half of them are 首贷户."""
    faker = Faker("zh_CN")
    faker.seed_instance(SEED)
    named = _named()
    others = [_other(number, faker) for number in range(len(named) + 1, PEOPLE + 1)]
    return (*named, *others)


def _named() -> tuple[Person, ...]:
    return (
        Person(
            ZHANG_WEI, "张伟", "m", "13800000001", id_card_ending("510107", date(1985, 3, 1), "1234"), False,
            "张伟便利店", "retail", "四川省", "成都市", 74,
        ),
        Person(
            LI_NA, "李娜", "f", "13800000002", id_card_ending("500103", date(1992, 6, 1), "567X"), True,
            "李娜美甲店", "beauty", "重庆市", "重庆市", 15,
        ),
        Person(
            WANG_QIANG, "王强", "m", "13800000003", id_card_ending("420106", date(1979, 10, 1), "8901"), False,
            "王强货运部", "logistics", "湖北省", "武汉市", 52,
        ),
    )  # fmt: skip


def _other(number: int, faker: Faker) -> Person:
    chance = random.Random(f"{SEED}:person:{number}")
    is_man = chance.random() < 0.55
    surname = faker.last_name()
    name = surname + (faker.first_name_male() if is_man else faker.first_name_female())
    area, region, city = chance.choice(_PLACES)
    industry = INDUSTRIES[number % len(INDUSTRIES)]
    born_on = date(1966 + chance.randrange(36), chance.randint(1, 12), chance.randint(1, 28))
    # The sequence holds the person's number, so that no two ID cards are the same.
    return Person(
        number=number,
        name=name,
        gender="m" if is_man else "f",
        phone=str(FIRST_OTHER_PHONE + number),
        id_card=id_card(area, born_on, 2 * number + is_man),
        is_first_time_borrower=number % 2 == 0,
        business=f"{city.removesuffix('市')}{faker.last_name()}记{chance.choice(_SIGNS[industry])}",
        industry=industry,
        region=region,
        city=city,
        business_age_months=chance.randint(45, 180),
    )
