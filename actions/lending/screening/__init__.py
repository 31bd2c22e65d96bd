"""Screening: the policies of a decision, held against a table of millions of businesses."""
