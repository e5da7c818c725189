"""The bytes of an email: whatever people are called and write, it says just that, and adds no header."""

from __future__ import annotations

import email.utils
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage, Message
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backout_tui.domain.text import clean, clean_line
from backout_tui.engine.channels.mime import message_bytes, message_id, sender_parts, usable_address

HEADERS = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Content-Type",
    "Content-Transfer-Encoding",
    "MIME-Version",
]
nasty = st.text(st.one_of(st.sampled_from('\r\n\x00\x1b\t ,;:<>@()[]\\"=?_éü日😀\u202e\ud800Bcc: x'), st.characters()))


def envelope(**changes: Any) -> dict[str, Any]:
    """An envelope to one person."""
    return {
        "message_id": "<0123@host>",
        "from": "backout@example.org",
        "subject": "Backing out",
        "body": "text",
        "recipients": [{"name": "release manager", "address": "rm@example.org"}],
        "date": "2026-11-22T03:12:00.123456Z",
    } | changes


def read(raw: bytes) -> Message:
    """The message as a mail reader that knows RFC 2047 reads it."""
    return message_from_bytes(raw, policy=policy.compat32)


def decoded(value: str) -> str:
    """A header's text, unfolded and decoded."""
    return str(make_header(decode_header(value.replace("\r\n", "").replace("\n", ""))))


@given(names=st.lists(nasty, min_size=1, max_size=5), subject=nasty)
def test_names_and_subjects_arrive_as_they_are_and_break_out_of_nothing(names: list[str], subject: str) -> None:
    people = [{"name": name, "address": f"user{index}@example.org"} for index, name in enumerate(names)]
    raw = message_bytes(envelope(recipients=people, subject=subject))
    message = read(raw)
    assert message.keys() == HEADERS
    found = email.utils.getaddresses([str(message["To"]).replace("\r\n", "").replace("\n", "")])
    assert [address for _, address in found] == [one["address"] for one in people]
    assert [decoded(name) for name, _ in found] == [" ".join(clean_line(name).split()) for name in names]
    assert decoded(message["Subject"]) == clean_line(subject).strip()


@given(name=nasty, body=nasty)
def test_the_bytes_are_ascii_in_lines_that_every_server_takes(name: str, body: str) -> None:
    people = [{"name": name * 30, "address": "rm@example.org"}]
    raw = message_bytes(envelope(recipients=people, body=body * 30, subject=name * 30))
    assert raw.isascii()
    assert all(len(line) < 998 and not {10, 13} & set(line) for line in raw.split(b"\r\n"))


@given(body=nasty)
def test_a_body_arrives_as_it_is(body: str) -> None:
    message = message_from_bytes(message_bytes(envelope(body=body)), policy=policy.SMTP)
    assert isinstance(message, EmailMessage)
    arrived = message.get_content().replace("\r\n", "\n")
    assert arrived.rstrip("\n") == clean(body).rstrip("\n")


def test_commas_between_names_outside_ascii_still_separate_them() -> None:
    """A reader must see three people, though their names have to be encoded and folded."""
    people = [{"name": f"[{'日' * 9}], \\ 😀", "address": f"user{n}.{'x' * 15}@example.org"} for n in range(3)]
    message = message_from_bytes(message_bytes(envelope(recipients=people)), policy=policy.SMTP)
    assert [one.addr_spec for one in message["To"].addresses] == [one["address"] for one in people]


def test_the_date_and_the_message_id_are_the_envelopes() -> None:
    message = read(message_bytes(envelope(message_id="<a\r\nBcc: x@y>")))
    assert message["Date"] == "Sun, 22 Nov 2026 03:12:00 +0000"
    assert message["Message-ID"] == "<aBcc:x@y>"


@pytest.mark.parametrize(
    ("address", "usable"),
    [
        ("rm@example.org", "rm@example.org"),
        (" rm@example.org ", "rm@example.org"),
        ("first.last+tag@mail.example.org", "first.last+tag@mail.example.org"),
        ("root@localhost", "root@localhost"),
        ("rm@[127.0.0.1]", "rm@[127.0.0.1]"),
        ("rm@bücher.example", "rm@xn--bcher-kva.example"),
        ("", None),
        ("rm", None),
        ("@example.org", None),
        ("rm@", None),
        ("a@b@example.org", None),
        ("a b@example.org", None),
        ("<rm@example.org>", None),
        ("rm@example.org, x@example.org", None),
        ("rm@example.org\r\nDATA", None),
        ("rm@example.org\x00", None),
        ("jörg@example.org", None),
        ('"a b"@example.org', None),
        ("rm@-example.org", None),
        ("rm@example..org", None),
        ("rm@" + "é" * 70 + ".org", None),
        ("r" * 250 + "@example.org", None),
    ],
)
def test_an_address_is_usable_or_not(address: str, usable: str | None) -> None:
    assert usable_address(address) == usable


@given(nasty)
def test_no_usable_address_holds_anything_a_server_could_act_on(text: str) -> None:
    for address in (text, f"{text}@example.org", f"rm@{text}"):
        usable = usable_address(address) or ""
        assert not set(usable) & set(' \r\n\t<>,;:\\"\x00')


@pytest.mark.parametrize(
    ("sender", "parts"),
    [
        ("backout@example.org", ("", "backout@example.org")),
        ("Backout <backout@example.org>", ("Backout", "backout@example.org")),
        ('"On call, night" <backout@example.org>', ("On call, night", "backout@example.org")),
        ("<backout@example.org>", ("", "backout@example.org")),
    ],
)
def test_a_sender_may_bear_a_name(sender: str, parts: tuple[str, str]) -> None:
    assert sender_parts(sender) == parts


def test_a_message_id_leads_back_to_its_event_and_holds_nothing_else() -> None:
    assert message_id("0a1b", "ops1.example.org") == "<0a1b@ops1.example.org>"
    assert message_id("0a1b", "höst>\r\nx") == "<0a1b@h-st---x>"
    assert message_id("0a1b", "") == "<0a1b@localhost>"
