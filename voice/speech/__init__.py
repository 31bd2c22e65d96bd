"""Speech: from the bot's words to clauses of sound on the line."""
