"""Set-up steps: what `make run` does before the bot can start. Every step is idempotent and resumes."""
