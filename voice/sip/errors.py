"""SipErrors: what is wrong with something that came from the network."""


class SipInvalid(Exception):
    """A message or a header that is not SIP (code ``sip_invalid``). It never leaves the endpoint."""

    code = "sip_invalid"


class DescriptionInvalid(Exception):
    """A session description that cannot be read (RFC 4566; code ``sdp_invalid``)."""

    code = "sdp_invalid"


class NotAcceptable(Exception):
    """A readable description without anything that we can speak (code ``sdp_not_acceptable``): 488."""

    code = "sdp_not_acceptable"
