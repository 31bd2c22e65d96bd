"""Waiting: how many calls may talk with the bot at once, and what the others hear meanwhile."""
