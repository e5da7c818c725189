"""The sending process by itself: what it does when nobody listens, and what it says of errors."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from typing import Any

import pytest

from backout_tui.engine.channels import email_child
from tests.smtp import MailServer, Manners


def order(server: MailServer, **changes: Any) -> bytes:
    """What the process reads from standard input."""
    return json.dumps(
        server.settings
        | {"password": "", "sender": "backout@example.org", "recipients": [[0, "rm@example.org"]], "content": "x\r\n"}
        | changes
    ).encode()


def start(stdout: int) -> subprocess.Popen[bytes]:
    """The sending process, as the channel starts it."""
    command = [sys.executable, "-I", "-S", email_child.__file__]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=stdout, stderr=subprocess.DEVNULL)


def test_nothing_is_sent_that_nobody_would_record() -> None:
    """Its parent was killed in the middle of the conversation: the text is not ended."""
    reading, writing = os.pipe()
    with MailServer(Manners(drip_s=0.05, drip_from="mail")) as server, start(writing) as child:
        os.close(writing)
        assert child.stdin
        child.stdin.write(order(server))
        child.stdin.close()
        while b"recipients" not in os.read(reading, 4096):
            pass
        os.close(reading)
        assert child.wait(60) != 0
    assert server.commands[1] == "MAIL backout@example.org"
    assert server.received == []


def test_it_does_not_outlive_its_deadline_when_its_parent_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    with MailServer(Manners(silent_at="mail")) as server, start(subprocess.DEVNULL) as child:
        began = time.monotonic()
        child.communicate(order(server, deadline_s=1))
        assert child.returncode == -signal.SIGALRM
        assert time.monotonic() - began < 1 + email_child.GRACE_S + 30


def test_a_server_that_never_says_goodbye_holds_nothing_up() -> None:
    with MailServer(Manners(silent_at="after reply")) as server, start(subprocess.PIPE) as child:
        printed, _ = child.communicate(order(server, deadline_s=60), timeout=60)
    assert json.loads(printed.splitlines()[-1]) == {"reply": 250, "words": "250 2.0.0 queued as 7F3A"}


@pytest.mark.parametrize(
    ("address", "loopback"),
    [("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("::ffff:127.0.0.1", True), ("10.0.0.1", False)],
)
def test_loopback_is_this_host_only(address: str, loopback: bool) -> None:
    assert email_child.is_loopback(address) is loopback


@pytest.mark.parametrize("password", ["hunter2", "p@ss w/rd", "ü", "aa", "x=="])
def test_every_form_of_the_password_is_masked(password: str) -> None:
    forms = email_child.forms_of("deploy", password)
    said = f"535 {password}; {email_child.encoded(password)}; {email_child.encoded_login('deploy', password)}."
    assert email_child.masked(said, forms) == "535 ***; ***; ***."


def test_words_are_masked_before_they_are_cut() -> None:
    """A cut in the middle of an echoed password would leave its first half."""
    reply = f"535 {'x' * (email_child.MOST_WORDS - 60)}{'hunter2' * 9}"
    with MailServer(Manners(login=("deploy", "other"), login_reply=reply)) as server, start(subprocess.PIPE) as child:
        printed, _ = child.communicate(order(server, username="deploy", password="hunter2"))
    said = json.loads(printed.splitlines()[-1])["error"]
    assert len(said) == email_child.MOST_WORDS
    assert "hunt" not in said
