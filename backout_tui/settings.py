"""The settings: `config.toml` in the user's configuration folder, or a file that was named. contract.md section 11."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from backout_tui.errors import BackoutError
from backout_tui.settings_table import Table, read_table

SECURITY = ("none", "starttls", "tls")
USUAL_PORT = {"none": 25, "starttls": 587, "tls": 465}
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class _Quiet(Struct, frozen=True):
    """Settings that may lead to secrets, so their repr shows no values."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(...)"


class MailSettings(_Quiet, frozen=True):
    """How the program sends email.

    `sender` is the key `from`. `deadline_s` covers one whole send, including name resolution. The password itself is
    never held here: only the name of the environment variable, or the command, that provides it. `ca_file` is a PEM
    file of certificate authorities to trust instead of the system's.
    """

    host: str = "127.0.0.1"
    port: int = 25
    security: str = "none"
    sender: str = ""
    username: str = ""
    password_env: str = ""
    password_command: tuple[str, ...] = ()
    deadline_s: int = 30
    ca_file: str = ""

    def record(self) -> dict[str, Any]:
        """Return what the request file of a send may keep on disk: everything but the way to the password."""
        return {
            "host": self.host,
            "port": self.port,
            "security": self.security,
            "from": self.sender,
            "username": self.username,
            "deadline_s": self.deadline_s,
            "ca_file": self.ca_file,
        }


class Settings(_Quiet, frozen=True):
    """All settings; `path` is the file they came from, or would come from if it existed."""

    mail: MailSettings = MailSettings()
    shared_accounts: tuple[str, ...] = ()
    secret_command: tuple[str, ...] = ()
    path: Path | None = None

    def why_no_mail(self) -> str | None:
        """Why these settings cannot send email, and what would change that; None when they can."""
        if self.mail.sender:
            return None
        return f"no sender is set: write `from` under [mail] in {self.path or 'config.toml'}"


def operator_environment(environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the operator's environment without `BACKOUT_*`, for the commands of a plan.

    Take it once, at the start: variables that the program sets later (TEXTUAL_...) are not the operator's.
    """
    chosen = os.environ if environment is None else environment
    return {name: value for name, value in chosen.items() if not name.startswith("BACKOUT_")}


def read_settings(named: Path | None, environment: Mapping[str, str]) -> Settings:
    """Read the settings from `named`, else from `BACKOUT_CONFIG`, else from the user's configuration folder.

    Only the file in the configuration folder may be missing; then the defaults apply. Raises BackoutError, with file
    and line, for anything wrong.
    """
    chosen = named or (Path(environment["BACKOUT_CONFIG"]) if environment.get("BACKOUT_CONFIG") else None)
    path = (chosen or _usual_path()).absolute()
    top = read_table(path, "the settings")
    if top is None and chosen is not None:
        raise BackoutError("there is no such settings file", where=str(path))
    return Settings(path=path) if top is None else _settings(top, path)


def _usual_path() -> Path:
    import platformdirs  # only needed when no file is named; the import takes longer than reading the settings

    return platformdirs.user_config_path("backout-tui", appauthor=False) / "config.toml"


def _settings(top: Table, path: Path) -> Settings:
    mail = _mail(top.table("mail"), path)
    accounts = top.words("shared_accounts", "a list of logins")
    command = top.words("secret_command", "a list: a command and its arguments")
    if command and not any("{name}" in word for word in command):
        raise top.wrong("secret_command", "must hold {name}, or every secret would get the same value")
    top.finish()
    return Settings(mail, accounts, command, path)


def _mail(table: Table, path: Path) -> MailSettings:
    security = table.choice("security", SECURITY)
    settings = MailSettings(
        host=table.text("host", "127.0.0.1"),
        port=table.number("port", USUAL_PORT[security], 1, 65535),
        security=security,
        sender=table.text("from"),
        username=table.text("username"),
        password_env=table.text("password_env"),
        password_command=table.words("password_command", "a list: a command and its arguments"),
        deadline_s=table.number("deadline_s", 30, 1, 3600),
        ca_file=_ca_file(table, path),
    )
    table.finish()
    _agree(table, settings)
    return settings


def _agree(table: Table, mail: MailSettings) -> None:
    """Raise BackoutError for values that have the right type but make no sense."""
    if not mail.host or re.search(r"\s", mail.host):
        raise table.wrong("host", "must be the name or address of a mail server")
    if mail.sender and not re.fullmatch(r"[^@]+@[^@\s]+", mail.sender):
        raise table.wrong("from", "must be an email address")
    if mail.password_env and not _VARIABLE.fullmatch(mail.password_env):
        raise table.wrong("password_env", "must be the name of an environment variable", "It is not the password.")
    if mail.password_env and mail.password_command:
        raise table.wrong("password_command", "and password_env are both set", "Keep one of them.")
    if (mail.password_env or mail.password_command) and not mail.username:
        raise table.wrong("password_env" if mail.password_env else "password_command", "is set without a username")


def _ca_file(table: Table, path: Path) -> str:
    """Return the path of `ca_file`, relative to the settings file; `~` is the home folder, and "" stays ""."""
    name = table.text("ca_file")
    try:
        return str(path.parent / Path(name).expanduser()) if name else ""
    except RuntimeError as error:  # `~name`, where no such user exists here
        raise table.wrong("ca_file", "names the home folder of somebody unknown here") from error
