"""Data rights: how long what is kept, and one person's copy or removal of it (PIPL, articles 19, 45, 47)."""
