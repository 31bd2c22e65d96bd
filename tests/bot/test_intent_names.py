"""Intent names: every intent of the domain reads Chinese, and no two alike."""

from bot.console.intent_names import INTENT_NAMES, INTENTS, intent_asked, intent_name


def test_every_intent_has_a_name_of_its_own() -> None:
    """A name in the filter means one intent, and no name outlives its intent."""
    assert set(INTENT_NAMES) == set(INTENTS)
    assert len(set(INTENT_NAMES.values())) == len(INTENT_NAMES)
    assert all(not name.isascii() for name in INTENT_NAMES.values())


def test_names_are_read_both_ways_and_strange_intents_stay() -> None:
    """An address with the stored word goes on working; a model may know an intent that we have no name for."""
    for intent in INTENTS:
        assert intent_asked(intent_name(intent)) == intent == intent_asked(intent)
    assert intent_name("brand_new") == intent_asked("brand_new") == "brand_new"
    assert intent_name("") == intent_name(None) == "无意图"
