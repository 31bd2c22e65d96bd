"""Businesses: the industry, as a code of data/policies/house.yml."""

import re
from collections.abc import Iterator

from understanding.found import Found

INDUSTRIES = {
    "catering": (
        "餐饮|餐馆|餐厅|饭店|饭馆|饭庄|小吃|早餐|早点|面馆|拉面|火锅|烧烤|烤串|炸串|串串|奶茶|快餐|麻辣烫|冒菜|凉皮|凉菜|煎饼|烧饼"
        "|包子|馒头店|饺子|米粉|米线|螺蛳粉|卤味|卤菜|烘焙|蛋糕店|面包|甜品|咖啡|酒楼|食堂|大排档|夜宵|宵夜|炸鸡|酒店|农家乐"
        "|做外卖"
    ),
    "retail": (
        "零售|便利店|超市|小卖[部铺]|杂货|水果店|水果|烟酒|母婴|百货|文具|花店|菜摊|卖菜|卖肉|猪肉摊|水产|海鲜|生鲜"
        "|药店|网店|淘宝|电商|微商|手机店|粮油|土特产|宠物|眼镜店|小商品"
    ),
    "clothing": "服装|衣服|服装店|鞋|袜子|童装|女装|男装|布料|窗帘|内衣|箱包|裁缝|改衣",
    "beauty": "美容美发|理发|美容|美发|美甲|美睫|发廊|发型|化妆|剪头|洗头|纹绣|纹眉|养生馆|按摩|足疗|足浴",
    "car_repair": "汽修|修车|汽车修理|汽车美容|洗车|轮胎|汽配|补胎|修理厂|电动车|钣金",
    "logistics": (
        "物流|货运|运输|快递|菜鸟|驿站|跑车|跑货|跑长途|跑短途|搬家|大货车|拉货|货车|开车拉|开大车|大车司机|渣土|土方车"
        "|出租车|网约车|(?:开|跑)滴滴|货拉拉|送货|[送跑]外卖|外卖员|骑手|闪送|跑腿"
    ),
    "farming": (
        "种植|养殖|养(?:猪|鸡|鸭|鹅|牛|羊|鱼|虾|蟹|螃蟹|小龙虾|兔|蜂|蚕)|种(?:菜|地|粮|果|茶|花|树|草莓|葡萄|西瓜|水稻|玉米|药材|蘑菇)"
        "|包地|大棚|农资|果园|鱼塘|茶园|化肥|饲料|苗木|苗圃|合作社"
    ),
    "building_materials": (
        "建材|五金|[搞做干接]装修|室内装修|装修(?:队|公司|行业|生意|工|的$)|瓷砖|油漆|门窗|水电|装饰|铝合金|板材|灯具|工程队|沙石|刮大白|防水|贴砖|吊顶|木工|钢材|^装修$"
    ),
    "training": "教育|培训|辅导|补习|驾校|幼儿园|托管|晚托|画室|舞蹈班|琴行|早教|跆拳道|武馆|书法班",
    "manufacturing": (
        "加工|工厂|小厂|作坊|制造|家具厂|印刷|模具|纺织厂|食品厂|机械厂|电子厂|注塑|开厂|办厂|家具|豆腐坊"
    ),
}
"""Words by which borrowers name their trade. tests/understanding checks that the codes are those of the lender."""

_ANY_GOODS = re.compile("小店|商店|摆地摊|直播|带货|批发")
"""Retail, where nothing says what is sold."""

_BUSINESS = re.compile("|".join(f"(?P<{code}>{words})" for code, words in INDUSTRIES.items()))
_ABOUT = re.compile(r"(?:我|开|做|卖|搞|干|经营|是|从事|跑|办|修|养|种|行业|生意|店|厂|铺|摊|的|带)")

_SHORT = 8
"""Characters of a message that is nothing but the name of a trade."""


def industries(text: str) -> Iterator[Found]:
    """The first trade named; 快递 asked about in a question of another kind is left to the intent."""
    if not (_ABOUT.search(text) or len(text) <= _SHORT):
        return
    if match := _BUSINESS.search(text):
        yield Found("industry", str(match.lastgroup), match.start(), match.end())
    elif match := _ANY_GOODS.search(text):
        yield Found("industry", "retail", match.start(), match.end())
