"""A real mail server on loopback, in a thread of its own, that can be told to misbehave."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from types import TracebackType
from typing import Any

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Received:
    """One message that the server has taken in whole, whatever it then answered."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes
    encrypted: bool
    login: str

    @property
    def message(self) -> EmailMessage:
        """The message as a mail reader sees it."""
        parsed = BytesParser(policy=policy.default).parsebytes(self.content)
        assert isinstance(parsed, EmailMessage)
        return parsed

    @property
    def body(self) -> str:
        """Its text, with line ends of one character."""
        return str(self.message.get_content()).replace("\r\n", "\n")


@dataclass(frozen=True, slots=True)
class Certificates:
    """An authority nobody else knows (`ca_file`, PEM) and a server that shows a certificate of it."""

    ca_file: Path
    context: ssl.SSLContext

    @classmethod
    def made_in(cls, folder: Path, *names: str) -> Certificates:
        """Make both; the certificate is for `names`, else for this host's loopback."""
        authority = trustme.CA()
        authority.cert_pem.write_to_path(str(folder / "ca.pem"))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(*(names or (HOST, "localhost"))).configure_cert(context)
        return cls(folder / "ca.pem", context)


@dataclass(frozen=True, slots=True)
class Manners:
    """How the server behaves; the defaults are those of a good one.

    `refuse` maps an address to the reply that its RCPT gets. `login` is the only name and password it takes; with
    `login_required` it wants them before any mail. `security` is none, starttls or tls. `hang_up` and `silent_at` name
    a moment, out of `connect`, `ehlo`, `mail`, `rcpt` (the second one), `data` (instead of 354) and `reply` (the text
    was taken in, and is not answered); `hang_up` also knows `after reply`. `drip_s` is the pause before each byte that
    it sends from the moment `drip_from` on.
    """

    refuse: Mapping[str, str] = field(default_factory=dict)
    refuse_sender: str = ""
    data_reply: str = "250 2.0.0 queued as 7F3A"
    login: tuple[str, str] | None = None
    login_required: bool = False
    login_reply: str = "535 5.7.8 no"
    login_ways: tuple[str, ...] = ("PLAIN", "LOGIN")
    security: str = "none"
    hang_up: str = ""
    silent_at: str = ""
    drip_s: float = 0
    drip_from: str = "connect"


class MailServer:
    """The server; a context manager. `received` holds what it took in, `commands` what it was told (no texts)."""

    def __init__(
        self, manners: Manners | None = None, certificates: Certificates | None = None, host: str = HOST
    ) -> None:
        """Prepare a server with `manners`, listening on `host`; one that speaks TLS needs `certificates`."""
        self.manners, self.certificates, self.host = manners or Manners(), certificates, host
        self.received: list[Received] = []
        self.commands: list[str] = []
        self.connections = 0
        self.reached: set[str] = set()
        self.port = 0
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="mail server")
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None

    def __enter__(self) -> MailServer:
        self._thread.start()
        assert self._ready.wait(60), "the mail server did not start"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._loop
        assert self._stop
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)
        assert not self._thread.is_alive(), "the mail server did not stop"

    @property
    def settings(self) -> dict[str, Any]:
        """The `mail` object of a request that sends through this server, with a short deadline and no login."""
        ca_file = str(self.certificates.ca_file) if self.certificates else ""
        return {
            "host": self.host,
            "port": self.port,
            "security": self.manners.security,
            "from": "backout@example.org",
            "username": "",
            "deadline_s": 20,
            "ca_file": ca_file,
        }

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        live: list[_Conversation] = []

        def conversation() -> _Conversation:
            live.append(_Conversation(self, self._context("starttls")))
            return live[-1]

        server = await self._loop.create_server(conversation, self.host, 0, ssl=self._context("tls"))
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        server.close()
        for one in live:
            one.cut()
        await asyncio.sleep(0.01)  # lets the transports run the close that was asked for
        await server.wait_closed()

    def _context(self, security: str) -> ssl.SSLContext | None:
        return self.certificates.context if self.certificates and self.manners.security == security else None


class _Conversation(SMTP):
    """One connection. The moments that can go wrong are methods of the server library, made worse here."""

    def __init__(self, server: MailServer, starttls: ssl.SSLContext | None) -> None:
        self._server, self._manners, self._pause_s = server, server.manners, 0.0
        answers = _Answers(server)
        super().__init__(
            answers,
            hostname="mail.example.org",
            ident="test",
            tls_context=starttls,
            require_starttls=starttls is not None,
            auth_require_tls=False,
            auth_exclude_mechanism={"PLAIN", "LOGIN"} - set(self._manners.login_ways),
            authenticator=answers.authenticate,
            loop=asyncio.get_running_loop(),
        )

    @property
    def encrypted(self) -> bool:
        """Whether what is said now is said inside TLS."""
        return self._tls_protocol is not None or self._manners.security == "tls"

    def cut(self) -> None:
        """Close the connection without a word, also below TLS."""
        for transport in (self.transport, self._original_transport):
            if isinstance(transport, asyncio.WriteTransport):
                transport.abort()

    async def at(self, moment: str) -> None:
        """Hang up, fall silent, or begin to drip, when the server was told to do so at this moment."""
        if self._manners.drip_from == moment:
            self._pause_s = self._manners.drip_s
        if self._manners.hang_up == moment:
            self.cut()
        self._server.reached.add(moment)
        if moment in (self._manners.hang_up, self._manners.silent_at):
            await asyncio.Event().wait()

    async def _handle_client(self) -> None:
        self._server.connections += 1
        await self.at("connect")
        await super()._handle_client()

    async def push(self, status: str | bytes) -> None:
        data = (status if isinstance(status, bytes) else status.encode()) + b"\r\n"
        pieces = [data[at : at + 1] for at in range(len(data))] if self._pause_s else [data]
        for piece in pieces:
            await asyncio.sleep(self._pause_s)
            self._writer.write(piece)
            await self._writer.drain()

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - the library's name
        self._server.commands.append("DATA")
        await self.at("data")
        await super().smtp_DATA(arg)
        await self.at("after reply")


class _Answers:
    """What the server answers to each command. The names of the methods are the library's."""

    def __init__(self, server: MailServer) -> None:
        self._server, self._manners = server, server.manners

    async def handle_EHLO(  # noqa: N802
        self, talk: _Conversation, session: Session, envelope: Envelope, hostname: str, lines: list[str]
    ) -> list[str]:
        self._server.commands.append(f"EHLO {hostname}")
        await talk.at("ehlo")
        session.host_name = hostname
        return [line for line in lines if self._manners.login or not line.startswith("250-AUTH")]

    async def handle_MAIL(  # noqa: N802
        self, talk: _Conversation, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self._server.commands.append(f"MAIL {address}")
        await talk.at("mail")
        if self._manners.login_required and not session.authenticated:
            return "530 5.7.0 log in first"
        if self._manners.refuse_sender:
            return self._manners.refuse_sender
        envelope.mail_from = address
        return "250 2.1.0 ok"

    async def handle_RCPT(  # noqa: N802
        self, talk: _Conversation, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self._server.commands.append(f"RCPT {address}")
        if envelope.rcpt_tos:
            await talk.at("rcpt")
        if address in self._manners.refuse:
            return self._manners.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_DATA(self, talk: _Conversation, session: Session, envelope: Envelope) -> str:  # noqa: N802
        login = session.auth_data.login.decode() if isinstance(session.auth_data, LoginPassword) else ""
        content = envelope.original_content or b""
        self._server.received.append(
            Received(envelope.mail_from or "", tuple(envelope.rcpt_tos), content, talk.encrypted, login)
        )
        await talk.at("reply")
        return self._manners.data_reply

    def authenticate(self, talk: SMTP, session: Session, envelope: Envelope, way: str, data: Any) -> AuthResult:
        self._server.commands.append(f"AUTH {way}")
        known = self._manners.login
        if known and isinstance(data, LoginPassword) and (data.login.decode(), data.password.decode()) == known:
            return AuthResult(success=True, auth_data=data)
        return AuthResult(success=False, handled=False, message=self._manners.login_reply)
