"""Search words: what is cut is found again, also in parts, and nothing but words gets into a query."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.console.inbox_search import fts5_query, tsquery
from bot.console.search_words import WORDS_ASKED, Asked, asked_words, words_of
from bot.console.snippets import LONGEST, best_snippet


def finds(asked: str, text: str) -> bool:
    """Whether a search for ``asked`` would find ``text``: each word, or all of its parts."""
    held = words_of(text)
    return bool(asked_words(asked)) and all(
        one.word in held or (one.parts and held.issuperset(one.parts)) for one in asked_words(asked)
    )


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ("提前还款", "我想提前还款，要违约金吗"),
        ("提前还", "我想提前还款"),
        ("还款日", "您的还款日期是12月15日"),
        ("还", "还款"),
        ("违约金 提前", "提前还清有没有违约金？"),
        ("3250", "本期应还3250.55元"),
        ("LPR", "按lpr加点计息"),
        ("12月15日", "还款日是12月15日。"),
    ],
)
def test_words_are_found_whole_and_in_part(asked: str, text: str) -> None:
    """However jieba cut the sentence that they stand in."""
    assert finds(asked, text)


@pytest.mark.parametrize(
    ("asked", "text"), [("逾期", "我想提前还款"), ("提前 逾期", "提前还款"), ("…！", "！")]
)
def test_what_was_not_said_is_not_found(asked: str, text: str) -> None:
    """All words must be there; marks alone are no search."""
    assert not finds(asked, text)


@given(st.text(max_size=60), st.data())
def test_every_piece_of_a_sentence_finds_it(text: str, data: st.DataObject) -> None:
    """Any run of its characters, as far as it has words at all."""
    start = data.draw(st.integers(0, len(text)))
    piece = text[start : start + data.draw(st.integers(0, 12))]
    pieces = [one for one in asked_words(piece) if not one.word.isascii()]
    held = words_of(text)
    assert all(one.word in held or held.issuperset(one.parts) for one in pieces)


@given(st.text(max_size=80))
def test_nothing_typed_becomes_a_query_language(text: str) -> None:
    """Tokens are letters, digits and characters: no quote, star or operator reaches FTS5 or PostgreSQL."""
    terms = [[[f"c_{one.word}"]] for one in asked_words(text)]
    assert len(terms) <= WORDS_ASKED
    for query, quote in ((fts5_query(terms), '"'), (tsquery(terms), "'")):
        outside = query.split(quote)[::2]
        assert set("".join(outside)) <= set("() ANDOR&|")
        assert all(token[2:].isalnum() for token in query.split(quote)[1::2])


def test_a_snippet_marks_what_was_searched_for() -> None:
    """The sentence with the most of the words, shortened around the first."""
    said = [("customer", "我要还款"), ("bot", "好的" * 30 + "提前还款没有违约金" + "。" * 200)]
    snippet = best_snippet(said, asked_words("违约金 提前还款"))
    assert snippet is not None and snippet.speaker == "bot"
    assert [text for text, found in snippet.parts if found] == ["提前还款", "违约金"]
    assert len("".join(text for text, _ in snippet.parts)) <= LONGEST + 2
    assert best_snippet(said, [Asked("逾期")]) is None


def test_a_snippet_falls_back_to_the_parts_of_a_word() -> None:
    """So that staff see why a conversation was found."""
    snippet = best_snippet(
        [("customer", "想提前把款还了")], [Asked("提前还款", ("提前", "还款", "还", "款"))]
    )
    assert snippet is not None
    assert [text for text, found in snippet.parts if found] == ["提前", "款", "还"]
