"""Asterisk's AudioSocket: frames without I/O, and the server that holds its calls."""
