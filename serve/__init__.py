"""Starts, watches and stops the processes: Rasa server, action server, bot."""
