"""Secret values: where they are found, and that they show nowhere."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from backout_tui.engine.session.secret_values import Secrets, mail_password, output_of
from backout_tui.errors import BackoutError
from backout_tui.settings import MailSettings, Settings

ECHO = (sys.executable, "-c", "import sys; print('value of', sys.argv[1])", "{name}")
FAILING = (
    sys.executable,
    "-c",
    "import sys; print('hunter2'); print('hunter2', file=sys.stderr); sys.exit(3)",
    "{name}",
)


def shell(script: str) -> list[str]:
    """A command that runs `script`."""
    return ["/bin/sh", "-c", script]


def test_the_environment_goes_before_the_command() -> None:
    secrets = Secrets(Settings(secret_command=ECHO), {"TOKEN": "from here", "EMPTY": ""})
    assert secrets.find("TOKEN") == "from here"
    assert secrets.find("OTHER") == "value of OTHER"
    assert secrets.find("EMPTY") == "value of EMPTY"


def test_the_name_is_one_argument_whatever_it_holds(tmp_path: Path) -> None:
    secrets = Secrets(Settings(secret_command=ECHO), {})
    assert secrets.find(f"x; touch {tmp_path}/y") == f"value of x; touch {tmp_path}/y"
    assert list(tmp_path.iterdir()) == []


def test_without_a_command_a_person_has_to_be_asked_and_is_asked_once() -> None:
    secrets = Secrets(Settings(), {})
    assert secrets.find("TOKEN") is None
    assert secrets.trouble("TOKEN") == ""
    secrets.remember("TOKEN", "typed")
    assert secrets.find("TOKEN") == "typed"
    secrets.forget("TOKEN")
    assert secrets.find("TOKEN") is None


def test_a_command_that_fails_leads_to_asking_and_its_words_are_not_repeated() -> None:
    secrets = Secrets(Settings(secret_command=FAILING), {})
    assert secrets.find("TOKEN") is None
    assert "failed (exit code 3)" in secrets.trouble("TOKEN")
    assert "hunter2" not in secrets.trouble("TOKEN")


def test_the_command_is_asked_once_for_each_name(tmp_path: Path) -> None:
    count = f"echo asked >> {tmp_path}/count; echo value"
    secrets = Secrets(Settings(secret_command=(*shell(count), "{name}")), {})
    assert [secrets.find(name) for name in ("A", "A", "B")] == ["value"] * 3
    assert (tmp_path / "count").read_text() == "asked\n" * 2


def test_no_value_shows_in_repr() -> None:
    secrets = Secrets(Settings(), {"TOKEN": "hunter2"})
    secrets.find("TOKEN")
    secrets.remember("OTHER", "hunter3")
    assert repr(secrets) == "Secrets(OTHER, TOKEN)"


@pytest.mark.parametrize(
    ("script", "value"),
    [
        ("echo x", "x"),
        ("printf x", "x"),
        ("printf 'x\\r\\n'", "x"),
        ("printf 'x\\n\\n'", "x\n"),
        ("printf ' x '", " x "),
    ],
)
def test_one_line_break_at_the_end_is_dropped_and_nothing_else(script: str, value: str) -> None:
    assert output_of(shell(script), {}) == value


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["/nowhere/pass"], "could not be started: No such file or directory"),
        (["/etc"], "could not be started: Permission denied"),
        (["a\x00b"], "the command `a␀b` that gives a password could not be started"),
        (shell("echo hunter2; exit 1"), "failed (exit code 1)"),
        (shell("kill -9 $$"), "failed (killed by signal 9: SIGKILL, "),
        (shell("no-such-program"), "failed (exit code 127: a command was not found"),
        (shell("true"), "printed nothing"),
        (shell("echo"), "printed nothing"),
        (shell("printf '\\377hunter2'"), "printed something that is not UTF-8 text"),
    ],
)
def test_a_command_that_gives_nothing_says_why_and_not_what(command: list[str], words: str) -> None:
    with pytest.raises(BackoutError) as caught:
        output_of(command, {"PATH": os.environ["PATH"]})
    assert words in str(caught.value)
    assert "hunter2" not in str(caught.value)
    assert "hunter2" not in repr(caught.value.__cause__)


@pytest.mark.parametrize("script", ["sleep 60", "trap '' TERM; sleep 60", "sleep 60 & echo x", "while :; do :; done"])
def test_a_command_that_takes_too_long_is_killed_with_all_it_started(script: str, tmp_path: Path) -> None:
    began = time.monotonic()
    with pytest.raises(BackoutError, match=r"gave no answer within 0\.3 s"):
        output_of(shell(f"echo $$ > {tmp_path}/pid; {script}"), {"PATH": os.environ["PATH"]}, deadline_s=0.3)
    assert time.monotonic() - began < 30
    group = int((tmp_path / "pid").read_text())
    deadline = time.monotonic() + 30
    while _lives(group):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def _lives(group: int) -> bool:
    """Whether any process of the group does more than wait to be reaped (that is up to process 1)."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, its_group = stat.read_text().rpartition(")")[2].split()[:3]
        except OSError:  # ended meanwhile
            continue
        if int(its_group) == group and state != "Z":
            return True
    return False


def test_it_has_no_terminal_to_draw_on_and_nothing_to_read() -> None:
    assert output_of(shell("cat; (: < /dev/tty) 2> /dev/null || echo none"), {"PATH": os.environ["PATH"]}) == "none"


def test_the_mail_password_comes_from_where_the_settings_say() -> None:
    assert mail_password(MailSettings(), {"X": "y"}) is None
    assert mail_password(MailSettings(username="u"), {}) is None
    named = MailSettings(username="u", password_env="BACKOUT_MAIL")
    assert mail_password(named, {"BACKOUT_MAIL": "hunter2"}) == "hunter2"
    assert mail_password(MailSettings(username="u", password_command=("/bin/echo", "hunter2")), {}) == "hunter2"


@pytest.mark.parametrize("environment", [{}, {"BACKOUT_MAIL": ""}])
def test_a_mail_password_that_is_not_there_is_said_so(environment: dict[str, str]) -> None:
    with pytest.raises(BackoutError, match="BACKOUT_MAIL, which holds the mail password, is not set"):
        mail_password(MailSettings(username="u", password_env="BACKOUT_MAIL"), environment)
    with pytest.raises(BackoutError, match="failed"):
        mail_password(MailSettings(username="u", password_command=("/bin/false",)), environment)
