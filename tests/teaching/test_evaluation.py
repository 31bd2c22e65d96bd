"""The comparison is held on sentences that neither model was taught, and says what changed."""

from commands.nlu_scores import Decision
from teaching.evaluation import Label, compared, held_out, moved, regressions
from teaching.examples import Example

TERM, COUPON = Decision("ask_term"), Decision("ask_coupon")
ASKED = Decision("ask_back", ("ask_term", "ask_coupon"))


def test_a_conversation_that_gave_an_example_measures_nothing() -> None:
    chosen = held_out(
        [Label("ask_term", "可以借几年", "c1"), Label("ask_term", "最多几期", "c2")], [], frozenset({"c1"})
    )
    assert [label.text for label in chosen.labels] == ["最多几期"]
    assert chosen.same_conversation == 1


def test_a_sentence_like_a_taught_one_measures_nothing_wherever_it_was_said() -> None:
    """The same but for punctuation, politeness or figures."""
    labels = [
        Label("ask_term", "请问十万能借几年？", "c2"),
        Label("ask_term", "20万能借几年", "c3"),
        Label("ask_coupon", "优惠券在哪看", "c4"),
    ]
    chosen = held_out(labels, [Example("ask_term", "十万能借几年")], frozenset())
    assert [label.text for label in chosen.labels] == ["优惠券在哪看"]
    assert chosen.same_words == 2


def test_one_sentence_counts_once() -> None:
    labels = [Label("ask_term", "最多几期", "c1"), Label("ask_term", "最多几期。", "c2")]
    assert len(held_out(labels, [], frozenset()).labels) == 1


def test_accuracy_before_and_after_with_what_became_better_and_worse() -> None:
    labels = [
        Label("ask_term", "一"),
        Label("ask_term", "二"),
        Label("ask_coupon", "三"),
        Label("ask_coupon", "四"),
    ]
    told = compared(labels, [TERM, COUPON, COUPON, COUPON], [TERM, TERM, ASKED, TERM])
    assert (told["before"]["accuracy"], told["after"]["accuracy"]) == (0.75, 0.625)
    assert [one["text"] for one in told["better"]] == ["二"]
    assert [(one["text"], one["after"]) for one in told["worse"]] == [
        ("三", "ask_term/ask_coupon"),
        ("四", "ask_term"),
    ]
    assert told["intents"] == [
        {"intent": "ask_coupon", "n": 2, "before": 2.0, "after": 0.5},
        {"intent": "ask_term", "n": 2, "before": 1.0, "after": 2.0},
    ]


def test_without_labels_there_is_no_accuracy() -> None:
    assert compared([], [], [])["after"] is None


def test_a_regression_passes_only_when_the_meaning_is_served() -> None:
    tests = [Example("ask_term", "一"), Example("ask_coupon", "二")]
    told = regressions(tests, [COUPON, COUPON], [TERM, ASKED])
    assert (told["passed"], told["passed_before"]) == (1, 1)
    assert [one["text"] for one in told["failed"]] == ["二"]


def test_what_recent_sentences_would_become_is_counted_by_kind() -> None:
    told = moved(["一", "二", "三"], [TERM, TERM, COUPON], [COUPON, COUPON, COUPON])
    assert (told["n"], told["changed"]) == (3, 2)
    assert told["kinds"] == [{"before": "ask_term", "after": "ask_coupon", "n": 2, "examples": ["一", "二"]}]
