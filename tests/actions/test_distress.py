"""Whoever speaks of ending his life hears care, the helpline and the offer of a person, and nothing of lending."""

from collections.abc import Callable

import pytest

from actions.handoff_summary import summary_of
from actions.words_of_feeling import is_distressed
from tests.actions.conftest import Counter

Begin = Callable[..., Counter]

DISTRESSED = (
    "我不想活了",
    "我想死",
    "被贷款逼得想跳楼",
    "再催我就死给你们看",
    "活着没意思",
    "真的活不下去了",
    "逼我去死是吧",
    "我不想火了",
    "我想思",
    "欠这么多我只能去挑楼了",
)


@pytest.mark.parametrize("words", DISTRESSED)
@pytest.mark.parametrize("intent", ["complain", "ask_overdue", "nlu_fallback"])
def test_care_helpline_and_a_person_come_before_anything_else(
    counter: Begin, words: str, intent: str
) -> None:
    turn = counter().hear(words, intent)
    assert [one.response for one in turn.utterances] == ["utter_distress", "utter_offer_person_distress"]
    assert turn.utterances[0].values["line"] == "「12356」"
    assert turn.question == "person"


def test_an_open_form_is_not_gone_on_with(counter: Begin) -> None:
    customer = counter()
    customer.hear("我想贷款", "apply_loan")
    customer.hear("我不想活了", "inform")
    turn = customer.hear("不用", "deny")
    assert [one.response for one in turn.utterances] == ["utter_distress_declined"]
    assert turn.memory["task"] is None and turn.memory["suspended"] is None


def test_the_handoff_is_recorded_as_urgent_and_says_so_in_its_summary(counter: Begin) -> None:
    customer = counter()
    customer.hear("我想死", "out_of_scope")
    turn = customer.hear("好", "affirm")
    assert turn.utterances[-1].payload["next"] == "transfer"
    assert turn.utterances[-1].payload["figures"][0]["inputs"] == {"reason": "urgent_distress"}
    assert "情绪：紧急" in summary_of(turn, customer.services)


def test_who_asks_for_a_person_himself_is_handed_over_at_once(counter: Begin) -> None:
    turn = counter().hear("我不想活了，转人工", "request_human")
    assert [one.response for one in turn.utterances] == ["utter_distress", "utter_handoff"]


@pytest.mark.parametrize(
    "words",
    [
        "累死了",
        "急死我了",
        "想死你们了",
        "跳楼价清仓要进货",
        "我想四期还",
        "活期存款",
        "不想获得短信",
        "滚去死",
        "我想贷款",
    ],
)
def test_everyday_words_are_no_distress(words: str) -> None:
    assert not is_distressed(words)
