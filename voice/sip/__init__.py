"""SIP (RFC 3261) without I/O: messages in, messages and events out; ``network.py`` is the thin shell of sockets."""
