"""SIP texts: what exchanges really send is read; what is no SIP is refused; an echo is what came."""

import pytest

from voice.sip.caller_number import caller_number
from voice.sip.digest import Challenge, Credentials, authorization
from voice.sip.errors import DescriptionInvalid, SipInvalid
from voice.sip.message import Request, Response, parse_message
from voice.sip.name_address import NameAddress
from voice.sip.negotiation import LocalSession
from voice.sip.session_description import SessionDescription
from voice.sip.stream import MessageStream
from voice.sip.uri import SipUri
from voice.sip.via import Via

INVITE = (
    "INVITE sip:bot@10.0.0.9 SIP/2.0\r\n"
    "Via: SIP/2.0/UDP 10.0.0.5:5060;branch=z9hG4bK1;rport\r\n"
    "Via: SIP/2.0/UDP 10.0.0.4;branch=z9hG4bK0\r\n"
    'From: "A, B" <sip:+8613800000001@10.0.0.5>;tag=1\r\n'
    "To: <sip:bot@10.0.0.9>\r\n"
    "Call-ID: one@10.0.0.5\r\n"
    "CSeq: 7 INVITE\r\n"
)


def invite(*fields: str, body: str = "") -> Request:
    text = INVITE + "".join(f"{field}\r\n" for field in fields) + "\r\n" + body
    message = parse_message(text.encode())
    assert isinstance(message, Request)
    message.check()
    return message


def test_compact_folded_and_oddly_spaced_fields_are_read() -> None:
    text = (
        "INVITE sip:b@h SIP/2.0\r\nv: SIP / 2.0 / UDP  h:5060 ;branch=z9hG4bK1\r\nf : <sip:a@h>\r\n ;tag=1\r\n"
        "t:sip:b@h\r\ni: x\r\nCSEQ: 1   INVITE\r\nl: 0\r\n\r\n"
    )
    message = parse_message(text.encode())
    message.check()
    assert (message.sender.tag, message.call_id, message.via.sent_by) == ("1", "x", "h:5060")


def test_a_name_that_is_not_utf8_survives_its_echo() -> None:
    name = "张伟".encode("gbk")
    text = INVITE.encode().replace(b"A, B", name) + b"\r\n"
    message = parse_message(text)
    assert name in message.to_bytes()


def test_a_status_line_without_a_reason_is_read() -> None:
    message = parse_message(b"SIP/2.0 200\r\nCall-ID: x\r\n\r\n")
    assert isinstance(message, Response) and message.status == 200


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\r\n\r\n",
        b"hello",
        b"INVITE sip:a@b HTTP/1.1\r\n\r\n",
        b"INVITE  SIP/2.0\r\n\r\n",
        b"SIP/2.0 99 x\r\n\r\n",
        b"SIP/2.0 2000 x\r\n\r\n",
        b"OPTIONS sip:a SIP/2.0\r\nno colon here\r\n\r\n",
        b"OPTIONS sip:a SIP/2.0\r\nContent-Length: 5\r\n\r\nabc",
        b"OPTIONS sip:a SIP/2.0\r\nContent-Length: -1\r\n\r\n",
        b"OPTIONS sip:a SIP/2.0\r\nA: \0\r\n\r\n",
        b"OPTIONS sip:a SIP/2.0\r\n" + b"A: 1\r\n" * 300 + b"\r\n",
        b"x" * 70_000,
    ],
)
def test_what_is_no_message_is_refused(text: bytes) -> None:
    with pytest.raises(SipInvalid):
        parse_message(text)


@pytest.mark.parametrize("missing", ["Via", "From", "To", "Call-ID", "CSeq"])
def test_a_message_without_what_every_message_needs_is_refused(missing: str) -> None:
    lines = [line for line in INVITE.split("\r\n") if not line.startswith(f"{missing}:")]
    message = parse_message("\r\n".join(lines).encode() + b"\r\n")
    with pytest.raises(SipInvalid):
        message.check()


def test_trailing_bytes_of_a_datagram_are_cut_off() -> None:
    assert invite("Content-Length: 3", body="abcdef").body == b"abc"


@pytest.mark.parametrize(
    ("text", "user", "host", "port"),
    [
        ("sip:a@h", "a", "h", None),
        ("sip:h:5070;transport=tcp", None, "h", 5070),
        ("sip:a:secret@my_host.local:5060", "a", "my_host.local", 5060),
        ("sips:+86@[2001:db8::1]:5061;lr?Subject=x", "+86", "2001:db8::1", 5061),
        ("tel:+86-138-0000-0001;phone-context=x", "+86-138-0000-0001", "", None),
    ],
)
def test_addresses_are_read_and_written_back(
    text: str, user: str | None, host: str, port: int | None
) -> None:
    uri = SipUri.parse(text)
    assert (uri.user.split(":")[0] if uri.user else None, uri.host, uri.port) == (user, host, port)
    assert str(uri) == text


@pytest.mark.parametrize(
    "text", ["", "http://x", "sip:", "sip:a@", "sip:a@h:0", "sip:a@h:99999", "sip:a b@h", "tel:"]
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(SipInvalid):
        SipUri.parse(text)


def test_two_quoted_addresses_in_one_field_stay_two() -> None:
    """A parser that matches across the quotes would take the second caller's number for the first's."""
    found = NameAddress.parse_list(['"A, <x>" <sip:1@h>, "C \\" D" <sip:2@h>;p="y,z", sip:3@h;q=1'])
    assert [address.uri.user for address in found] == ["1", "2", "3"]
    assert found[0].name == "A, <x>" and found[1].name == 'C " D' and found[2].parameter("q") == "1"


@pytest.mark.parametrize("text", ['"a" sip:1@h', "<sip:1@h", '"a <sip:1@h>', "<sip:1@h> x", "a <sip:1@h>;=1"])
def test_broken_addresses_are_refused(text: str) -> None:
    with pytest.raises(SipInvalid):
        NameAddress.parse(text)


def test_a_via_says_where_the_request_really_came_from() -> None:
    seen = Via.parse("SIP/2.0/UDP 10.0.0.5:5060;branch=z9hG4bK1;rport").seen_from("192.0.2.1", 4000)
    assert str(seen) == "SIP/2.0/UDP 10.0.0.5:5060;branch=z9hG4bK1;rport=4000;received=192.0.2.1"


def test_a_stream_is_cut_into_messages_wherever_the_network_cut_it() -> None:
    text = (INVITE + "Content-Length: 4\r\n\r\nbody").encode()
    for size in (1, 3, 50, 2000):
        stream, found = MessageStream(), []
        data = b"\r\n\r\n" + text + text
        for at in range(0, len(data), size):
            found += stream.push(data[at : at + size])
        assert found == [text, text] and stream.keep_alives == 1


def test_a_stream_without_lengths_cannot_be_followed() -> None:
    with pytest.raises(SipInvalid):
        MessageStream().push(b"OPTIONS sip:a SIP/2.0\r\nVia: x\r\n\r\n")


# -- digest: the examples of RFC 2617 section 3.5 and RFC 7616 section 3.9.1 ---------------------------------


def test_the_rfcs_own_md5_example_comes_out() -> None:
    challenge = Challenge.parse(
        'Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", '
        'opaque="5ccc069c403ebaf9f0171e9517f40e41"'
    )
    value = authorization(
        challenge, Credentials("Mufasa", "Circle Of Life"), "GET", "/dir/index.html", "0a4f113b"
    )
    assert 'response="6629fae49393a05397450978507c4ef1"' in value
    assert 'opaque="5ccc069c403ebaf9f0171e9517f40e41"' in value


def test_the_rfcs_own_sha256_example_comes_out() -> None:
    challenge = Challenge.parse(
        'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=SHA-256, '
        'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v"'
    )
    value = authorization(
        challenge,
        Credentials("Mufasa", "Circle of Life"),
        "GET",
        "/dir/index.html",
        "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
    )
    assert 'response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"' in value


def test_the_strongest_challenge_that_can_be_answered_is_taken() -> None:
    texts = [
        'Digest realm="r", nonce="n"',
        'Digest realm="r", nonce="n", algorithm=SHA-256',
        "Basic x",
        'Digest x="',
    ]
    chosen = Challenge.strongest(texts)
    assert chosen is not None and chosen.algorithm == "SHA-256"
    assert Challenge.strongest(["Basic x"]) is None


# -- who vouches for the number ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "trusts_from", "number"),
    [
        (["P-Asserted-Identity: <sip:+8613800000002@t>"], False, "13800000002"),
        (["P-Asserted-Identity: <sip:008613800000002@t;user=phone>"], False, "13800000002"),
        (["P-Asserted-Identity: <sip:013800000002@t>"], False, "13800000002"),
        (["P-Asserted-Identity: <tel:+86-138-0000-0002>"], False, "13800000002"),
        (['P-Asserted-Identity: "x" <sip:1@t>, <tel:13800000002>'], False, "13800000002"),
        (["P-Asserted-Identity: <sip:02088886666@t>"], False, "02088886666"),
        ([], False, None),
        ([], True, "13800000001"),
        (["Privacy: id"], True, None),
        (["P-Asserted-Identity: <sip:alice@t>"], False, None),
        (["P-Asserted-Identity: <sip:13800000002"], False, None),
    ],
)
def test_only_what_the_network_asserts_is_the_callers_number(
    fields: list[str], trusts_from: bool, number: str | None
) -> None:
    assert caller_number(invite(*fields), trusts_from).number == number


def test_the_number_that_diverted_a_call_is_never_the_callers() -> None:
    both = [
        "P-Asserted-Identity: <sip:13800000002@t>",
        "Diversion: <sip:+8613800000002@t>;reason=unconditional",
    ]
    forwarded = caller_number(invite(*both), False)
    assert (forwarded.number, forwarded.diverted_by) == (None, "13800000002")
    main_number = [
        "P-Asserted-Identity: <sip:13800000002@t>",
        "Diversion: <sip:4008001000@t>;reason=unconditional",
    ]
    through = caller_number(invite(*main_number), False)
    assert (through.number, through.diverted_by) == ("13800000002", "4008001000")


# -- session descriptions ------------------------------------------------------------------------------------

SDP = "v=0\r\no=- 1 1 IN IP4 h\r\ns=-\r\nc=IN IP4 10.0.0.5\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8 0\r\n"


def test_digits_of_another_script_are_no_payload_type() -> None:
    """``make fuzz`` found this: ``isdigit`` is true of a superscript one, ``int`` raises."""
    audio = SessionDescription.parse(SDP.replace("AVP 8", "AVP 18¹ 8").encode()).audio
    assert audio is not None and audio.payload_types == [8, 0]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        SDP.replace("v=0", "v=1"),
        SDP.replace("m=audio 4000", "m=audio x"),
        SDP.replace("4000", "99999"),
        SDP.replace("10.0.0.5", "host.example"),
        SDP.replace("c=IN", "c=ATM"),
        SDP.replace("s=-", "nonsense"),
        SDP + "a=x\r\n" * 10_000,
    ],
)
def test_descriptions_that_cannot_be_read_are_refused(text: str) -> None:
    with pytest.raises(DescriptionInvalid):
        SessionDescription.parse(text.encode())


@pytest.mark.parametrize(
    ("change", "held"),
    [
        (("", ""), False),
        (("AVP 8 0\r\n", "AVP 8 0\r\na=sendonly\r\n"), True),
        (("AVP 8 0\r\n", "AVP 8 0\r\na=inactive\r\n"), True),
        (("t=0 0\r\n", "t=0 0\r\na=sendonly\r\n"), True),
        (("IP4 10.0.0.5", "IP4 0.0.0.0"), True),
        (("AVP 8 0\r\n", "AVP 8 0\r\na=recvonly\r\n"), False),
    ],
)
def test_hold_is_known_in_all_its_forms(change: tuple[str, str], held: bool) -> None:
    agreed, _ = LocalSession("10.0.0.9", 6000, 1).answer(
        SessionDescription.parse(SDP.replace(*change).encode())
    )
    assert agreed.held is held


def test_the_answer_takes_the_peers_first_codec_and_its_own_number_for_keys() -> None:
    offer = SDP.replace("8 0", "18 96 0 97") + "a=rtpmap:96 PCMA/8000\r\na=rtpmap:97 telephone-event/8000\r\n"
    agreed, body = LocalSession("2001:db8::9", 6000, 1).answer(SessionDescription.parse(offer.encode()))
    assert (agreed.codec, agreed.payload_type, agreed.events_type) == ("PCMA", 96, 97)
    assert b"m=audio 6000 RTP/AVP 96 97" in body and b"c=IN IP6 2001:db8::9" in body


def test_the_description_keeps_its_version_until_it_changes() -> None:
    session = LocalSession("10.0.0.9", 6000, 7)
    offered = SessionDescription.parse(SDP.encode())
    first, second = session.answer(offered)[1], session.answer(offered)[1]
    held = session.answer(SessionDescription.parse((SDP + "a=sendonly\r\n").encode()))[1]
    assert first == second and b"o=shoudai 7 1 " in first and b"o=shoudai 7 2 " in held
    assert session.again() == held
