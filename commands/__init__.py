"""Command lines of the project; wiring only."""
