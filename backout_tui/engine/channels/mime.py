"""Turns an envelope into the bytes of an email: seven-bit text that no name or message can break out of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email import policy
from email.header import Header
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

from backout_tui.domain.text import clean, clean_line

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}(?:\.{_LABEL})*|\[[0-9A-Fa-f:.]+\])")
_NAMED = re.compile(r"\s*(?P<name>[^<>]*?)\s*<(?P<address>[^<>]*)>\s*")
_WORD_IN_HEADER = 75  # RFC 2047: no encoded word is longer
_PLAIN_LINE = 200  # longer text is encoded, and so folded; a mail server may refuse a line over 998


def message_id(event_id: str, host: str) -> str:
    """The Message-ID of the send that `event_id` intends: it leads from the mail in an inbox back to the log."""
    safe = re.sub(r"[^A-Za-z0-9.-]", "-", host).strip(".-")[:100] or "localhost"
    return f"<{re.sub(r'[^A-Za-z0-9]', '', event_id)}@{safe}>"


def usable_address(address: str) -> str | None:
    """The address as a mail server accepts it, its domain in ASCII; None when it is not an email address.

    An address is not accepted when the part before the @ is quoted or has letters outside ASCII: few servers deliver to
    it.
    """
    local, at, domain = address.strip().rpartition("@")
    try:
        plain = f"{local}{at}{domain if domain.isascii() else domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        return None
    return plain if len(plain) <= 254 and _ADDRESS.fullmatch(plain) else None


def sender_parts(sender: str) -> tuple[str, str]:
    """Name and address of `Backout <backout@example.org>`; the name is "" when there is only an address."""
    if match := _NAMED.fullmatch(sender):
        return match["name"].strip('"'), match["address"]
    return "", sender.strip()


def message_bytes(envelope: Mapping[str, Any]) -> bytes:
    r"""The whole email, lines ending in \r\n, ASCII only; the date is the envelope's RFC 3339 text.

    Recipients whose address is not usable are left out of To. Raises ValueError for a sender that is not usable.
    """
    name, address = sender_parts(envelope["from"])
    if (sender := usable_address(address)) is None:
        raise ValueError("the sender is not an email address")
    headers = {
        "From": _mailbox(name, sender),
        "To": ",\r\n ".join(_mailbox(one["name"], to) for one in envelope["recipients"] if (to := _address(one))),
        "Subject": _text(envelope["subject"]),
        "Date": format_datetime(datetime.fromisoformat(envelope["date"]).astimezone(UTC)),
        "Message-ID": re.sub(r"[^!-~]", "", envelope["message_id"]),
    }
    # EmailMessage is not used: when some releases of Python fold a list of addresses, they encode the commas between
    # names outside ASCII, and that turns two recipients into one.
    lines = "".join(f"{key}: {value}\r\n" for key, value in headers.items())
    return lines.encode("ascii") + _content(envelope["body"])


def _content(body: str) -> bytes:
    content = EmailMessage(policy=policy.SMTP.clone(cte_type="7bit"))
    content.set_content(clean(body))
    return bytes(content)


def _address(recipient: Mapping[str, str]) -> str | None:
    return usable_address(recipient["address"])


def _mailbox(name: str, address: str) -> str:
    shown = " ".join(clean_line(name).split())  # mail readers fold several spaces in a name into one
    if not shown:
        return address
    if not _is_plain(shown):
        return f"{_encoded(shown)} <{address}>"
    escaped = shown.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}" <{address}>'


def _text(text: str) -> str:
    shown = clean_line(text).strip()
    return shown if _is_plain(shown) else _encoded(shown)


def _is_plain(text: str) -> bool:
    return text.isascii() and "=?" not in text and len(text) <= _PLAIN_LINE


def _encoded(text: str) -> str:
    return Header(text, "utf-8", maxlinelen=_WORD_IN_HEADER).encode(linesep="\r\n")
