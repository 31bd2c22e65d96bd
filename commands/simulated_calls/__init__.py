"""Simulated callers: scenarios in YAML, the caller who follows them, the lines he calls by, and the report page."""
