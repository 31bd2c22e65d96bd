"""Words of feeling: how distress, abuse and pressing sound, known by plain rules; imports nothing of the dialogue."""

import re

_DISTRESS = re.compile(
    r"不想(?:再)?[活火获货或祸](?:了|着|下去|啦|$)|不想活|活不下去|活着.{0,4}(?:没|有什么|有啥)意[思义]|没(?:有)?活路|没法活|我不活了|"
    r"我(?:真|都|就|现在|好|很|只)?(?:的|是|能|有)?想[死思斯丝撕四](?:了|算了|啊|掉|吧)*$|想死(?!你|她|他|我|了?你)|"
    r"(?:不如|干脆|只有|只能|只好|想要?|我要?|宁愿|宁可|逼[我人]).{0,2}(?:去死|死了(?:算|拉倒|一了)|一死了之|死路)|"
    r"死给[你您他她大别]|死在你们|死了算了|一了百了|寻死|轻生|自杀|自[沙煞](?:$|了|算)|自尽|自我了断|"
    r"[跳挑]楼(?!价|大|甩|机|促)|跳(?:河|江|桥|海|下去)|投河|上吊|割腕|喝农药|安眠药|"
    r"(?:结束|了结)(?:了|掉)?(?:我|自己|生命|这条命)|逼死(?:我|人)|要(?:了)?我的?命了|想不开"
)
"""Words of ending one's life, 跳楼价 and 累死了 aside; misheard ones (不想火了, 我想思, 挑楼) as well."""

_SAD = re.compile(
    r"心里.{0,4}[堵苦难慌闷痛]|堵得慌|难受|难过|伤心|想哭|哭了|崩溃|绝望|撑不住|撑不下去|熬不住|睡不着|没人(?:管|帮|懂|理|听)|孤独|"
    r"太累|好累|心累|压力.{0,3}大|没希望|没用的人|对不起(?:老婆|孩子|家人|爸|妈)|说不出来的?苦|不知道(?:该)?怎么办"
)

_RUDE = re.compile(
    r"傻[逼比叉屌]|煞笔|沙比|[操草艹日肏][你尼](?:妈|吗|大爷|全家)?|你[妈吗]的|[他她它][妈吗娘]的|(?<![我他她你俺咱老])妈的(?!身份|名|手机|卡|店|生意|贷)|尼玛|去死|死全家|"
    r"^[滚操草艹靠]+$|滚(?:蛋|开|犊子|远点|一边)|混蛋|王八蛋?|狗(?:东西|日的|屁|娘养的)|放屁|垃圾|废物|白痴|脑残|智障|弱智|神经病|"
    r"有病吧|杂种|贱[人货]|不要脸|蠢货|蠢猪|猪头|吃屎"
)

_PRESSING = re.compile(
    r"急|赶紧|赶快|到底|怎么还没|一直没|几天了|多少遍|好几[次遍]|烦死|麻烦死|气死|受不了|太慢|搞什么|凭什么"
)


def is_distressed(text: str) -> bool:
    """Whether the words speak of ending a life."""
    return bool(_DISTRESS.search(re.sub(r"[\s，。！？、,.!?~…]+", "", text)))


def is_sad(text: str) -> bool:
    """Whether the words tell of sorrow. It means something only beside what was said before."""
    return bool(_SAD.search(text))


def is_rude(text: str) -> bool:
    """Whether the words are abusive."""
    return bool(_RUDE.search(text))


def without_abuse(text: str) -> str:
    """The words that are left when the abusive ones are gone."""
    return _RUDE.sub("", text)


def is_pressing(text: str) -> bool:
    """Whether the words are impatient."""
    return bool(_PRESSING.search(text))
