"""Sends one email to several people by SMTP, from a child process under one deadline, with a result per person."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from backout_tui.engine.channels.email_outcome import Conversation, failed, outcome, read_conversation
from backout_tui.engine.channels.mime import message_bytes, sender_parts, usable_address

_CHILD = Path(__file__).with_name("email_child.py")


def deliver(request: Mapping[str, Any], secrets: Mapping[str, str]) -> dict[str, Any]:
    """Send `request["envelope"]` as `request["mail"]` says, once; the password is `secrets["MAIL_PASSWORD"]`.

    The result is `{"result": "done"|"failed"|"in_doubt", "recipients": [{"name", "address", "state", "detail"}],
    "why"}`. If it breaks off before the whole text was handed over, it has *failed*. Between the text's last line and
    the server's answer it is *in doubt*. Nothing is ever retried here. Takes at most `mail["deadline_s"]` seconds.
    """
    mail, envelope = request["mail"], request["envelope"]
    people = envelope["recipients"]
    sender = usable_address(sender_parts(envelope["from"])[1])
    if sender is None:
        return failed(people, "the sender is not an email address: set `from` under [mail] in config.toml")
    addresses = [usable_address(one["address"]) for one in people]
    unusable = {index: "this is not an email address" for index, address in enumerate(addresses) if address is None}
    if len(unusable) == len(people):
        return outcome(people, unusable, Conversation())
    order = {key: mail.get(key, "") for key in ("host", "port", "security", "username", "deadline_s", "ca_file")} | {
        "password": secrets.get("MAIL_PASSWORD", ""),
        "sender": sender,
        "recipients": [(index, address) for index, address in enumerate(addresses) if address is not None],
        "content": message_bytes(envelope).decode("ascii"),
    }
    return outcome(people, unusable, _converse(order))


def _converse(order: Mapping[str, Any]) -> Conversation:
    """Let the child hold the conversation; the child is gone when this returns."""
    try:
        # It runs our own file in isolated mode: nothing in the environment or the current folder can replace a module,
        # and the secrets travel only on standard input.
        child = subprocess.Popen(  # noqa: S603 - this interpreter, a file of ours, no words from outside
            [sys.executable, "-I", "-S", str(_CHILD)],
            cwd="/",
            env=_without(order["password"]),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
    except OSError as error:
        return Conversation(error=f"the sending process could not be started: {error.strerror}")
    with child:
        return _listen(child, json.dumps(order).encode("ascii"), order["deadline_s"])


def _listen(child: subprocess.Popen[bytes], order: bytes, deadline_s: float) -> Conversation:
    try:
        printed, _ = child.communicate(order, timeout=deadline_s)
    except subprocess.TimeoutExpired:
        child.kill()
        printed, _ = child.communicate()
        return read_conversation(printed, f"the deadline of {deadline_s:g} s passed")
    except BaseException:
        child.kill()
        raise
    return read_conversation(printed, f"the sending process ended ({child.returncode})" if child.returncode else "")


def _without(password: str) -> dict[str, str]:
    """The environment without any variable that holds the password: the child gets it only on standard input."""
    return {name: value for name, value in os.environ.items() if not password or password not in value}
