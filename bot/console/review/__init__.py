"""Review: what staff say about conversations: tags, flags, comments, scores, and lists of what is to be reviewed."""
