"""Secret values: looked up when first needed, held in memory, never written, never shown."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence

from backout_tui.domain.text import clean_line
from backout_tui.engine.attempts.exits import exit_words, signal_words
from backout_tui.errors import BackoutError
from backout_tui.settings import MailSettings, Settings

DEADLINE_S = 10.0
MAIL_PASSWORD = "MAIL_PASSWORD"  # noqa: S105 - the name under which the password is handed on, not a password


class Secrets:
    """The values of secret variables, by name, for as long as the process runs."""

    def __init__(self, settings: Settings, environment: Mapping[str, str]) -> None:
        """Look in `environment` (the process's own) first, then ask the settings' `secret_command`."""
        self._command, self._environment = settings.secret_command, environment
        self._values: dict[str, str] = {}
        self._troubles: dict[str, str] = {}

    def __repr__(self) -> str:
        return f"Secrets({', '.join(sorted(self._values))})"

    def find(self, name: str) -> str | None:
        """The value of the secret `name`, or None when a person has to be asked; then `trouble` may say why."""
        if value := self.at_hand(name) or self._ask(name):
            self._values[name] = value
        return value

    def at_hand(self, name: str) -> str | None:
        """The value of the secret `name` if nobody has to be asked: found before, typed, or in the environment."""
        return self._values.get(name) or self._environment.get(name)

    def remember(self, name: str, value: str) -> None:
        """Keep a value that a person typed."""
        self._values[name] = value

    def forget(self, name: str) -> None:
        """Forget a value that turned out to be wrong, so that it is looked up again."""
        self._values.pop(name, None)

    def trouble(self, name: str) -> str:
        """Why `secret_command` gave no value for `name`; "" when it was not asked, or gave one."""
        return self._troubles.get(name, "")

    def _ask(self, name: str) -> str | None:
        if not self._command:
            return None
        self._troubles.pop(name, None)
        try:
            return output_of([word.replace("{name}", name) for word in self._command], self._environment)
        except BackoutError as error:
            self._troubles[name] = str(error)
            return None


def mail_password(mail: MailSettings, environment: Mapping[str, str]) -> str | None:
    """The password for the mail server, or None when there is no username or a person has to be asked.

    `environment` is the process's own, `BACKOUT_*` included. Raises BackoutError when the settings name a variable that
    is not set or a command that fails.
    """
    if not mail.username:
        return None
    if mail.password_env and not environment.get(mail.password_env):
        raise BackoutError(
            f"the environment variable {mail.password_env}, which holds the mail password, is not set",
            todo="Set it and start again, or change password_env in [mail].",
        )
    if mail.password_env:
        return environment[mail.password_env]
    return output_of(mail.password_command, environment) if mail.password_command else None


def output_of(command: Sequence[str], environment: Mapping[str, str], deadline_s: float = DEADLINE_S) -> str:
    """What `command` prints, without its last line break. No shell; it is killed with its children at the deadline.

    No error shows its output: BackoutError says only that it could not start, failed, took too long, or printed nothing
    or something that isn't text.
    """
    try:
        # It gets its own session, so that it can be killed with its children and cannot draw on the operator's
        # terminal.
        process = subprocess.Popen(  # noqa: S603 - the person's own settings say what runs, as a list, without a shell
            command,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        raise _trouble(command, f"could not be started: {getattr(error, 'strerror', '') or 'bad name'}") from None
    with process:
        printed = _all_of(process, command, deadline_s)
    if code := process.returncode:
        how = signal_words(-code) if code < 0 else exit_words(code, " ".join(command))
        raise _trouble(command, f"failed ({how})")
    return _one_value(printed, command)


def _all_of(process: subprocess.Popen[bytes], command: Sequence[str], deadline_s: float) -> bytes:
    try:
        return process.communicate(timeout=deadline_s)[0]
    except BaseException as error:
        if process.returncode is None:  # not collected yet, so the pid is still its own
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
        if isinstance(error, subprocess.TimeoutExpired):
            raise _trouble(command, f"gave no answer within {deadline_s:g} s") from None
        raise


def _one_value(printed: bytes, command: Sequence[str]) -> str:
    try:
        value = printed.decode().removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError:
        raise _trouble(command, "printed something that is not UTF-8 text") from None
    if not value:
        raise _trouble(command, "printed nothing")
    return value


def _trouble(command: Sequence[str], what: str) -> BackoutError:
    return BackoutError(f"the command `{clean_line(command[0])}` that gives a password {what}")
