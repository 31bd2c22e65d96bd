"""RTP and RTCP (RFC 3550) without I/O; ``media_port.py`` is the thin shell of sockets."""
