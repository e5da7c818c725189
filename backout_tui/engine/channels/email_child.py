"""The process that sends one email: a single SMTP conversation, reported line by line to its starter.

It runs as a script, with the standard library only. It reads one JSON object from standard input, and prints one JSON
line for each thing that has become true, so that its starter knows how far it got even after killing it:

    {"stage": "connect" | "secure" | "login" | "sender" | "recipients" | "text" | "end"}
    {"recipient": index, "taken": true | false, "words": "550 ..."}    the server's answer about one person
    {"reply": 250, "words": "250 queued as 7F3A"}                      its answer about the whole text
    {"lost": "words"}                                                  the connection broke off, at the last stage told
    {"error": "words"}                                                 why the conversation cannot go on

`end` is printed before the final dot: from there to the reply nobody can know whether the server took the text. When
nobody listens any more, the next print fails and ends the conversation, so that nothing is sent without being recorded.
"""

from __future__ import annotations

import base64
import contextlib
import ipaddress
import json
import os
import re
import signal
import smtplib
import socket
import ssl
import sys
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

GRACE_S = 2.0  # after the deadline, in case the parent died before it could kill this process
FAREWELL_S = 2.0
MOST_WORDS = 500  # keeps a line below what a pipe takes in one piece
Tell = Callable[..., None]


class Trouble(Exception):  # noqa: N818 - the operator's word
    """Why the text cannot be handed over, in words for the operator."""


def main() -> int:
    """Hold the conversation that standard input asks for."""
    order = json.load(sys.stdin.buffer)
    signal.setitimer(signal.ITIMER_REAL, order["deadline_s"] + GRACE_S)
    secret = forms_of(order["username"], order["password"])

    def tell(**facts: Any) -> None:
        said = {
            key: masked(fact, secret)[:MOST_WORDS] if isinstance(fact, str) else fact for key, fact in facts.items()
        }
        os.write(1, json.dumps(said).encode("ascii") + b"\n")

    try:
        converse(order, tell)
    except smtplib.SMTPServerDisconnected:
        tell(lost="the mail server closed the connection")
    except (Trouble, OSError, ValueError) as error:
        tell(error=explained(error, order))
    except Exception as error:  # noqa: BLE001 - a bug of ours: without this line nobody would learn of it
        tell(error=f"a fault in this program, {type(error).__name__}: {error}")
        return 70
    return 0


def converse(order: Mapping[str, Any], tell: Tell) -> None:
    """Connect, log in, offer each recipient, hand over the text. Raises Trouble, OSError or ValueError."""
    tell(stage="connect")
    context = trusted(order) if order["security"] != "none" else None
    with socket.create_connection((order["host"], order["port"]), timeout=max(1.0, order["deadline_s"] / 3)) as sock:
        sock.settimeout(None)  # from here on the one deadline is enough: a slow greeting is no fault
        smtp = smtplib.SMTP(local_hostname=own_name(sock))
        smtp.sock = sock
        try:
            open_conversation(smtp, order, context, tell)
            hand_over(smtp, order, tell)
            say_goodbye(smtp)
        finally:
            smtp.close()


def trusted(order: Mapping[str, Any]) -> ssl.SSLContext:
    """The certificates to accept: the system's authorities, or those of the settings' `ca_file`."""
    try:
        return ssl.create_default_context(cafile=order["ca_file"] or None)
    except OSError as error:
        raise Trouble(f"ca_file {order['ca_file']} cannot be read: {error.strerror or error}") from error


def open_conversation(smtp: smtplib.SMTP, order: Mapping[str, Any], context: ssl.SSLContext | None, tell: Tell) -> None:
    """Everything before mail can be offered: encryption, greeting, login."""
    if context and order["security"] == "tls":
        tell(stage="secure")
        encrypt(smtp, order["host"], context)
        tell(stage="connect")
    need(smtp.getreply(), 220, "the mail server takes no mail now")
    smtp.ehlo_or_helo_if_needed()
    if context and order["security"] == "starttls":
        tell(stage="secure")
        if not smtp.has_extn("starttls"):
            raise Trouble("the mail server offers no STARTTLS, and unencrypted was not asked for: nothing was sent")
        need(smtp.docmd("STARTTLS"), 220, "the mail server refused STARTTLS")
        encrypt(smtp, order["host"], context)
        smtp.ehlo_resp = smtp.helo_resp = None
        smtp.ehlo_or_helo_if_needed()
    if order["username"]:
        tell(stage="login")
        log_in(smtp, order["username"], order["password"], encrypted=context is not None)


def encrypt(smtp: smtplib.SMTP, host: str, context: ssl.SSLContext) -> None:
    """Start TLS on the connection; input read before it is discarded, because anybody could have put it there."""
    assert smtp.sock is not None
    smtp.sock = context.wrap_socket(smtp.sock, server_hostname=host)
    smtp.file = None


def log_in(smtp: smtplib.SMTP, username: str, password: str, *, encrypted: bool) -> None:
    """Log in with PLAIN or LOGIN, only once: trying every method in turn locks accounts."""
    assert smtp.sock is not None
    if not encrypted and not is_loopback(smtp.sock.getpeername()[0]):
        raise Trouble(
            "a password is never sent over an unencrypted connection to another host: "
            'set security = "starttls" or "tls" in [mail]'
        )
    if not password:
        raise Trouble(f"there is no password for {username}: set password_env or password_command in [mail]")
    ways = smtp.esmtp_features.get("auth", "").upper().split()
    if "PLAIN" in ways:
        reply = smtp.docmd("AUTH", f"PLAIN {encoded_login(username, password)}")
    elif "LOGIN" in ways:
        need(smtp.docmd("AUTH", "LOGIN"), 334, "the mail server refused to begin the login")
        need(smtp.docmd(encoded(username)), 334, f"the mail server refused the name {username}")
        reply = smtp.docmd(encoded(password))
    else:
        raise Trouble(
            f"no common way to log in: the mail server offers {', '.join(ways) or 'none'}; known are PLAIN, LOGIN"
        )
    need(reply, 235, f"the mail server refused the login of {username}")


def hand_over(smtp: smtplib.SMTP, order: Mapping[str, Any], tell: Tell) -> None:
    """One transaction: the sender, each recipient, and, if at least one is accepted, the text."""
    tell(stage="sender")
    need(smtp.mail(order["sender"]), 250, f"the mail server refused the sender {order['sender']}")
    tell(stage="recipients")
    taken = [offer(smtp, index, address, tell) for index, address in order["recipients"]]
    if not any(taken):
        return
    tell(stage="text")
    need(smtp.docmd("DATA"), 354, "the mail server refused to take the text")
    smtp.send(re.sub(rb"(?m)^\.", b"..", order["content"].encode("ascii")))
    tell(stage="end")
    smtp.send(b".\r\n")
    code, text = smtp.getreply()
    tell(reply=code, words=in_words(code, text))


def offer(smtp: smtplib.SMTP, index: int, address: str, tell: Tell) -> bool:
    """Name one recipient to the server, and report whether it accepts mail for them."""
    code, text = smtp.rcpt(address)
    tell(recipient=index, taken=code in (250, 251), words=in_words(code, text))
    return code in (250, 251)


def say_goodbye(smtp: smtplib.SMTP) -> None:
    """End politely, but not at any price: everything that matters has been reported."""
    signal.setitimer(signal.ITIMER_REAL, FAREWELL_S)
    with contextlib.suppress(OSError):
        smtp.quit()


def need(reply: tuple[int, bytes], code: int, otherwise: str) -> None:
    """Go on only after the reply `code`; otherwise raise Trouble with `otherwise` and the server's words."""
    if reply[0] != code:
        raise Trouble(f"{otherwise}: {in_words(*reply)}")


def in_words(code: int, text: bytes) -> str:
    """A server's reply on one line."""
    return f"{code} {' '.join(text.decode('utf-8', 'replace').split())}".strip()


def explained(error: Exception, order: Mapping[str, Any]) -> str:
    """What went wrong, for a reader who is not a mail administrator."""
    place = f"{order['host']}:{order['port']}"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the certificate of {place} is not to be trusted: {error.verify_message}"
    if isinstance(error, ssl.SSLError):
        return f"no encrypted connection to {place} ({error.reason or error}): check port and security in [mail]"
    if isinstance(error, socket.gaierror):
        return f"the address of {order['host']} cannot be found: {error.strerror}"
    if isinstance(error, smtplib.SMTPResponseException):
        text = error.smtp_error if isinstance(error.smtp_error, bytes) else str(error.smtp_error).encode()
        return f"the mail server answered {in_words(error.smtp_code, text)}"
    if isinstance(error, TimeoutError):
        return f"{place} does not answer"
    if isinstance(error, OSError):
        return f"no connection to {place}: {error.strerror or error}"
    return str(error)


def own_name(sock: socket.socket) -> str:
    """This host's name for the greeting, found without asking the network: its full name, or else its address."""
    name = socket.gethostname()
    if re.fullmatch(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", name):
        return name
    address = ipaddress.ip_address(str(sock.getsockname()[0]).partition("%")[0])
    return f"[{address}]" if address.version == 4 else f"[IPv6:{address}]"


def is_loopback(address: str) -> bool:
    """Whether the peer's `address` is on this very host."""
    peer = ipaddress.ip_address(address.partition("%")[0])
    return (getattr(peer, "ipv4_mapped", None) or peer).is_loopback


def encoded(text: str) -> str:
    """Base64, as AUTH requires it."""
    return base64.b64encode(text.encode()).decode("ascii")


def encoded_login(username: str, password: str) -> str:
    """Name and password as AUTH PLAIN requires them."""
    return encoded(f"\0{username}\0{password}")


def forms_of(username: str, password: str) -> list[str]:
    """The ways in which a server could echo the password, longest first."""
    if not password:
        return []
    forms = {password, quote(password, safe=""), encoded(password), encoded_login(username, password)}
    return sorted(forms | {form.rstrip("=") for form in forms} - {""}, key=len, reverse=True)


def masked(text: str, secret: list[str]) -> str:
    """`text` without any of the forms of the password."""
    for form in secret:
        text = text.replace(form, "***")
    return text


if __name__ == "__main__":
    sys.exit(main())
