"""Provinces: the official names that policies use, and how people shorten them."""

PROVINCES = (
    *("北京市", "天津市", "河北省", "山西省", "内蒙古自治区", "辽宁省", "吉林省"),
    *("黑龙江省", "上海市", "江苏省", "浙江省", "安徽省", "福建省", "江西省"),
    *("山东省", "河南省", "湖北省", "湖南省", "广东省", "广西壮族自治区", "海南省"),
    *("重庆市", "四川省", "贵州省", "云南省", "西藏自治区", "陕西省", "甘肃省"),
    *("青海省", "宁夏回族自治区", "新疆维吾尔自治区", "台湾省", "香港特别行政区", "澳门特别行政区"),
)  # fmt: skip
"""GB/T 2260, in the order of the standard."""

_BY_START = {name[:2]: name for name in PROVINCES}
"""The first two characters tell the provinces apart, as people say them and as they are written."""


def province_named(words: str) -> str | None:
    """Return the official name for what begins like a province: 四川, 四川成都 and 四川省 are 四川省."""
    return _BY_START.get(words[:2])
