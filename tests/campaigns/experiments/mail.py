"""A mail server that misbehaves at any step, senders that are killed meanwhile, and words that want to be headers."""

from __future__ import annotations

import contextlib
import os
import random
import re
import signal
import time
from collections import Counter
from collections.abc import Callable, Sequence
from email.message import EmailMessage
from email.utils import getaddresses
from pathlib import Path

from backout_tui.domain.backout.items import RecipientState
from backout_tui.domain.rules.outstanding import under_way
from backout_tui.domain.text import clean_line
from backout_tui.engine.operator import Operator
from backout_tui.engine.verbs import decision_verbs, message_verbs, problem_verbs, step_verbs
from backout_tui.errors import BackoutError, Refused
from backout_tui.settings import MailSettings, Settings
from tests.campaigns.descendants import descendants
from tests.campaigns.experiment import Experiment
from tests.engine.desks import HEAD, Room
from tests.smtp import MailServer, Manners, Received

PEOPLE = {"rm": "rm@example.org", "lead": "lead@example.org", "desk": "desk@example.org"}
PLAN = (
    HEAD
    + "## Steps\n\n### 1. Do it\n\n## Communication\n\n### Started\n- to: everybody\n- by: email\n\n> Gone on.\n\n"
    + "## Contacts\n\n| name | role | groups | reach |\n|---|---|---|---|\n"
    + "".join(f"| {name} | it | everybody | email:{address} |\n" for name, address in PEOPLE.items())
)
MOMENTS = ("connect", "ehlo", "mail", "rcpt", "data", "reply")
_PATIENCE_S = 60.0


def _manners(dice: random.Random) -> Manners:
    """A server that is good, or hangs up, stalls, drips or refuses, at one moment or another."""
    what = dice.choice(("good", "hang up", "hang up", "silent", "drip", "refuse", "refuse text"))
    refused = {dice.choice(list(PEOPLE.values())): dice.choice(("550 5.1.1 no such user", "451 4.3.0 later"))}
    return {
        "good": Manners(),
        "hang up": Manners(hang_up=dice.choice((*MOMENTS, "after reply"))),
        "silent": Manners(silent_at=dice.choice(MOMENTS)),
        "drip": Manners(drip_s=0.2, drip_from=dice.choice(MOMENTS)),
        "refuse": Manners(refuse=refused),
        "refuse text": Manners(data_reply=dice.choice(("554 5.7.1 no", "452 4.3.1 full"))),
    }[what]


def sent_once_or_in_doubt(dice: random.Random, ground: Path) -> str | None:
    """Nobody is told twice; who was told is sent or in doubt; who is sent was told."""
    room, manners = Room(ground), _manners(dice)
    with MailServer(manners) as server, contextlib.closing(room):
        op = _opened(room, server, deadline_s=2)
        for _ in range(2):  # the second time to whom it may still be sent
            with contextlib.suppress(Refused):
                message_verbs.send(op, "Started")
            if dice.random() < 0.6:
                _kill_some(dice)
            _wait_until_over(op)
        told = op.refresh().messages["M1"].recipients
        took_in = Counter(to for mail in server.received for to in mail.recipients)
    if not manners.data_reply.startswith("250"):
        took_in.clear()
    return _why_a_lie(told, took_in, manners)


def _kill_some(dice: random.Random) -> None:
    """Kill the supervisor, the process that speaks with the server, or both, after a while."""
    time.sleep(dice.uniform(0, 1.0))
    for pid in list(descendants(os.getpid())):
        if dice.random() < 0.7:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def _wait_until_over(op: Operator) -> None:
    until = time.monotonic() + _PATIENCE_S
    while under_way(op.refresh()):
        assert time.monotonic() < until, "the message is being sent for ever"
        time.sleep(0.02)


def _why_a_lie(told: Sequence[RecipientState], took_in: Counter[str], manners: Manners) -> str | None:
    for one in told:
        times, may_be = took_in[PEOPLE[one.name]], {"sent": {1}, "in_doubt": {0, 1}}.get(one.state, {0})
        if times not in may_be:
            return f"{one.name} is {one.state} ({one.detail}), and was told {times} times: {manners}"
    return None


def _opened(room: Room, server: MailServer, deadline_s: int, *, plan: str = PLAN, name: str = "sam") -> Operator:
    desk = room.desk(name, mail_port=server.port)
    desk.settings = Settings(mail=MailSettings(port=server.port, sender="backout@example.org", deadline_s=deadline_s))
    return room.start(plan, desk=desk)


# ── header injection ──────────────────────────────────────────────────────────────────────────────────────────────

EVIL = "evil@evil.example"
HEADERS = {"from", "to", "subject", "date", "message-id", "mime-version", "content-type", "content-transfer-encoding"}
_BREAKS = (
    "\r\n",
    "\n",
    "\r",
    "\x0b",
    "\x0c",
    "\x1c",
    "\x85",
    "\u2028",
    "\u2029",
    "\x00",
    "\x1b[2J",
    "=?utf-8?q?=0D=0A?=",
)
_NO_TEXT = set("\r\n\0\x1b")
"""What ends a line of a plan's text, or what no text file holds."""
_ATTEMPTS = (
    f"Bcc: {EVIL}",
    "X-Evil: 1",
    f", {EVIL}",
    f"<{EVIL}>",
    f'" <{EVIL}>, "',
    "Content-Type: text/html",
    ".",
    "=?utf-8?b?DQpCY2M6IGV2aWw=?=",
    f"MAIL FROM:<{EVIL}>",
    "\N{RIGHT-TO-LEFT OVERRIDE}",
    "x" * 1200,
    "ä, ö <b@c.d>",
    "\\",
    "%0d%0aBcc: x",
)


_ACTS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def _hostile(dice: random.Random, *, lines: bool = True) -> str:
    """Words that would like to be a header, a recipient, or the end of the message; of one line unless `lines`."""
    breaks = [one for one in _BREAKS if lines or not set(one) & _NO_TEXT]
    words = ["pay"]
    for _ in range(dice.randint(1, 3)):
        words += [dice.choice(breaks), dice.choice(_ATTEMPTS)]
    return "".join(words)


def _hostile_plan(dice: random.Random) -> str:
    """A plan that is hostile in some of its fields; each stays on its line, else it would be another plan."""

    def of(usual: str) -> str:
        return _hostile(dice, lines=False).replace("|", "") if dice.random() < 0.4 else usual

    rows = "".join(
        f"| {of(name)} | {of('it')} | everybody | email:{dice.choice((address, address, f'{address}, {EVIL}x'))} |\n"
        for name, address in PEOPLE.items()
    )
    return (
        f"# Backout plan: {of('web 2.0')}\n\n- release: {of('web')} 2.0\n- returns to: {of('1.9')}\n"
        f"- environment: {of('production')}\n- team: {of('web')}\n"
        f"- affects: {of('ledger')}\n- change: {of('CHG-1')}\n\n"
        f"## Variables\n- COLOUR: {of('blue')}\n\n## Steps\n\n### 1. {of('Do it')}\n\n"
        "## Communication\n\n### Started\n- to: everybody\n- by: email\n\n"
        f"> Subject: {of('Backing out')} {{release}} {{environment}} {{problems}} {{COLOUR}}\n>\n"
        f"> {of('Hello')} {{name}} {{returns_to}} {{decided_by}} {{operator}} {{affects}} {{change}} {{deviations}}\n\n"
        f"## Contacts\n\n| name | role | groups | reach |\n|---|---|---|---|\n{rows}"
    )


def stays_inert(dice: random.Random, ground: Path) -> str | None:
    """Whatever the fields hold: only our own headers, only the plan's recipients, and a body of plain text."""
    room = Room(ground)
    with MailServer() as server, contextlib.closing(room):
        op = _opened_hostile(dice, room, server)
        verbs: tuple[Callable[[], object], ...] = (
            lambda: problem_verbs.log(op, _hostile(dice), assign=_hostile(dice)),
            lambda: decision_verbs.decide(op, by=_hostile(dice), reason=_hostile(dice), break_glass=True),
            lambda: step_verbs.set_variable(op, "COLOUR", _hostile(dice)),
            lambda: message_verbs.write(op, ("everybody",), "email", _hostile(dice), _hostile(dice)),
        )
        for verb in verbs:
            with contextlib.suppress(BackoutError, Refused):
                verb()
        for message in list(op.backout.messages.values()):
            with contextlib.suppress(BackoutError, Refused):
                message_verbs.send(op, message.title)
                _wait_until_over(op)
    if not server.received:
        return "nothing was sent, so nothing was tried"
    return next((why for mail in server.received if (why := why_not_inert(mail))), None)


def _opened_hostile(dice: random.Random, room: Room, server: MailServer) -> Operator:
    """A backout by somebody with a hostile name, of a hostile plan, or where that is refused of a plain one."""
    name = clean_line(_hostile(dice))  # a name comes from a login or an option, on one line
    with contextlib.suppress(BackoutError, Refused):
        return _opened(room, server, 20, plan=_hostile_plan(dice), name=name)
    return _opened(room, server, 20, name=name)


def why_not_inert(mail: Received) -> str | None:
    """What of a mail, as the server got it, is not just our own headers, the plan's people and plain text."""
    message, raw = mail.message, mail.content
    names = Counter(name.lower() for name in message)
    if set(names) - HEADERS or max(names.values()) > 1:
        return f"headers that are not ours: {names}"
    if raw.replace(b"\r\n", b"").count(b"\r") or raw.replace(b"\r\n", b"").count(b"\n") or not raw.isascii():
        return "an end of line of its own, or a byte outside ASCII"
    intended = set(PEOPLE.values())
    shown = {address for _, address in getaddresses([str(message["to"])])}
    if set(mail.recipients) - intended or shown - intended or mail.sender != "backout@example.org":
        return f"other people than the plan's: {mail.recipients}, shown as {shown}, from {mail.sender}"
    return _why_not_plain(message)


def _why_not_plain(message: EmailMessage) -> str | None:
    if message.is_multipart() or message.get_content_type() != "text/plain":
        return f"no plain text: {message.get_content_type()}"
    acting = sorted(set(_ACTS.findall(str(message.get_content()))))
    return f"characters that act on a terminal: {acting}" if acting else None


EXPERIMENTS = [
    Experiment("mail that misbehaves, senders killed", sent_once_or_in_doubt, goal=1500, share=3.0),
    Experiment("words that want to be mail headers", stays_inert, goal=1000, share=1.2),
]
