"""What the tests of email share: a message to three people, and who was started to send it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from backout_tui.engine.channels.email import deliver
from tests.smtp import MailServer

PASSWORD = "pässword hunter2"
PEOPLE = [
    {"name": "release manager", "address": "rm@example.org"},
    {"name": "Jörg, the lead", "address": "lead@example.org"},
    {"name": "ledger team", "address": "ledger@example.org"},
]


def envelope(**changes: Any) -> dict[str, Any]:
    """The envelope of a message to three people."""
    return {
        "message_id": "<0123@host>",
        "from": "Backout <backout@example.org>",
        "subject": "Backing out payments-api 4.12.0",
        "body": "We are backing out.\n.\nExpected to finish: 03:31.\n",
        "recipients": PEOPLE,
        "date": "2026-11-22T03:12:00.000000Z",
    } | changes


def send(server: MailServer, secrets: dict[str, str] | None = None, **mail: Any) -> dict[str, Any]:
    """Send the message through `server`, with settings changed as `mail` says."""
    return deliver({"mail": server.settings | mail, "envelope": envelope()}, secrets or {})


def send_into_silence(server: MailServer, moment: str) -> tuple[dict[str, Any], float]:
    """Send to a server that says nothing from `moment` on; what came of it, and under how many seconds of deadline.

    The deadline begins with the child, which a busy machine may start too slowly to come to that moment: then longer.
    """
    for deadline_s in (1.0, 5.0, 25.0):
        result = send(server, deadline_s=deadline_s)
        if moment in server.reached:
            break
    return result, deadline_s


def states(result: dict[str, Any]) -> list[str]:
    """The recipients' states, in order."""
    return [one["state"] for one in result["recipients"]]


def children() -> set[int]:
    """The processes that this one has started and not reaped."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = stat.read_text()
        except OSError:  # ended meanwhile
            continue
        if int(text.rpartition(")")[2].split()[1]) == os.getpid():
            found.add(int(stat.parent.name))
    return found
