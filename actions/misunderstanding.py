"""Misunderstanding: one plain question back, then a person."""

from actions.customer_task import CustomerTask, go_on
from actions.labels import LABELS
from actions.place_of_two import place_of_two
from actions.questions import QUESTIONS
from actions.services import Services
from actions.turn import Turn
from actions.yes_no import yes_or_no

LEAST_CONFIDENCE = 0.08
"""A meaning less likely than this is not offered: two wild guesses help nobody."""

_WELL_HEARD = 0.55
"""The recogniser's confidence below which a question that is no business of ours was more likely misheard (ADR 103)."""

_SURELY_ONE_OF_TWO = 0.95
"""Two meanings that share this much are no misunderstanding: the sentence is known to mean either
(data/boundaries/two_meanings.yml)."""


def _offer(turn: Turn, choices: list[str]) -> None:
    first, second = (LABELS[name] for name in choices)
    turn.remember(choices=choices)
    turn.ask("which", first=first, second=second, quick_replies=(first, second))


def not_understood(turn: Turn, response: str = "utter_not_understood") -> None:
    """Say so and ask again; the second time in a row offer a person."""
    misses = int(turn.memory.get("misses") or 0) + 1
    turn.remember(misses=misses)
    question = turn.question
    if misses >= 2 and question != "person":
        turn.remember(misses=0, question_before=question)
        turn.ask("person", "utter_offer_person_stuck")
        return
    if question == "which" or question is None:
        turn.remember(question=None, choices=None)
        turn.say("utter_say_otherwise")
        turn.asked = True
        return
    turn.say(response)
    turn.ask_again(question)


class AskBack(CustomerTask):
    """Offers the two likeliest meanings in plain words."""

    intent = "nlu_fallback"

    def answer(self, turn: Turn, services: Services) -> None:
        ranked = [(name, score) for name, score in turn.ranking if name in LABELS][:2]
        likely = [name for name, score in ranked if score >= LEAST_CONFIDENCE]
        if len(likely) == 2 and sum(score for _, score in ranked) >= _SURELY_ONE_OF_TWO:
            _offer(turn, likely)
            return
        if turn.question is not None and QUESTIONS[turn.question].asked_again:
            not_understood(turn)
            return
        if turn.memory.get("misses") or turn.question == "person" or len(likely) < 2:
            not_understood(turn)
            return
        turn.remember(misses=1)
        _offer(turn, likely)

    def take(self, turn: Turn, services: Services) -> bool:
        """One of the two that were offered, by its words or its place."""
        choices = list(turn.memory.get("choices") or ())
        chosen = next((name for name in choices if LABELS[name] == turn.text.strip()), None)
        place = place_of_two(turn.bare_text)
        if chosen is None and len(choices) == 2 and place is not None:
            chosen = choices[place]
        if chosen is None and yes_or_no(turn):
            turn.ask("which", "utter_which_of_two", quick_replies=tuple(LABELS[name] for name in choices))
            return True
        if chosen is None:
            return False
        turn.settle()
        go_on(turn, services, chosen)
        return True


class OutOfScope(CustomerTask):
    """Says what the clerk can do instead."""

    intent = "out_of_scope"

    def answer(self, turn: Turn, services: Services) -> None:
        misses = int(turn.memory.get("misses") or 0) + 1
        if misses >= 2:
            not_understood(turn)
            return
        turn.remember(misses=misses)
        turn.say("utter_not_heard" if turn.confidence < _WELL_HEARD else "utter_out_of_scope")
