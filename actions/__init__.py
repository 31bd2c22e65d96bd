"""Rasa actions: one customer task a file, thin; the rules of lending are in actions/lending."""
