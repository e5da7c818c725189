"""Who acts: the name that somebody claims, and what the system knows about them. contract.md section 6."""

from __future__ import annotations

import os
import pwd
from collections.abc import Mapping
from pathlib import Path

from backout_tui.domain.backout.events import Actor
from backout_tui.domain.text import clean_line
from backout_tui.errors import BackoutError
from backout_tui.settings import Settings

_NOBODY_LOGGED_IN = 2**32 - 1
"""What the kernel says where nobody logged in, as in a container."""


def whoami(claimed: str | None, environment: Mapping[str, str]) -> Actor:
    """The actor of this process: the name from `--as` (`claimed`), else `BACKOUT_AS`, else the login.

    Who came to this login with sudo or su stands beside it. It doesn't ask the network. Raises BackoutError for a name
    that is given but blank.
    """
    login, came_from = _name_of(os.getuid()), login_uid()
    return Actor(
        name=_claimed_name(claimed, environment) or login,
        login=login,
        uid=os.getuid(),
        host=clean_line(os.uname().nodename),
        tty=_tty(),
        ssh_client=_ssh_client(environment),
        sudo_user=_sudo_user(environment),
        login_uid=came_from,
        login_user=_name_of(came_from) if came_from >= 0 else "",
    )


def why_ask_name(settings: Settings, actor: Actor, claimed: str | None) -> str | None:
    """Why the person has to say who they are; None when they don't have to.

    They have to if several people use this login, or if they came to it from their own (`actor.behind`).
    """
    if claimed is not None or actor.name != actor.login:
        return None
    if actor.login in settings.shared_accounts:
        return f"{actor.login} is an account that several people use: the log needs your own name"
    return f"{actor.behind} acts as {actor.login}: the log needs your own name" if actor.behind else None


def _claimed_name(claimed: str | None, environment: Mapping[str, str]) -> str:
    given, origin = (claimed, "--as") if claimed is not None else (environment.get("BACKOUT_AS"), "BACKOUT_AS")
    if given is None:
        return ""
    name = clean_line(given).strip()
    if not name:
        raise BackoutError("the name is blank", where=origin, todo="Give your name, or leave it out to use the login.")
    return name


def login_uid(file: Path = Path("/proc/self/loginuid")) -> int:
    """Who logged in, as the kernel keeps it over sudo and su; -1 when it doesn't know."""
    try:
        uid = int(file.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return -1
    return uid if uid < _NOBODY_LOGGED_IN else -1


def _sudo_user(environment: Mapping[str, str]) -> str:
    """Who changed to this login, as sudo, doas or pkexec says."""
    told = environment.get("SUDO_USER") or environment.get("DOAS_USER") or ""
    by_number = environment.get("PKEXEC_UID", "")
    return clean_line(told).strip() or (_name_of(int(by_number)) if by_number.isdecimal() else "")


def _name_of(uid: int) -> str:
    try:
        return clean_line(pwd.getpwuid(uid).pw_name)
    except (KeyError, OverflowError, ValueError):  # a container may run as a user without an entry
        return f"uid {uid}"


def _tty() -> str:
    for descriptor in (0, 1, 2):
        try:
            return clean_line(os.ttyname(descriptor))
        except OSError:  # closed, or not a terminal
            continue
    return ""


def _ssh_client(environment: Mapping[str, str]) -> str:
    words = (environment.get("SSH_CONNECTION") or environment.get("SSH_CLIENT") or "").split()
    return clean_line(words[0]) if words else ""
