"""What corrects, and what stands in the place of what was said before."""

import pytest

from actions.correction import correction


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("不对，是八万", "八万"),
        ("不对不对，我是说八万", "八万"),
        ("我说错了，是24期", "24期"),
        ("啊不好意思，说错了，应该是两年", "两年"),
        ("改成二十四期", "二十四期"),
        ("金额改成8万", "8万"),
        ("还是五万吧", "五万吧"),
        ("不是餐馆，是理发店", "理发店"),
        ("不对", ""),
        ("错了", ""),
        ("对", None),
        ("八万", None),
        ("可以", None),
        ("不用了", None),
        ("不上征信的贷款有吗", None),
    ],
)
def test_a_correction_is_told_from_other_words(text: str, rest: str | None) -> None:
    assert correction(text) == rest
