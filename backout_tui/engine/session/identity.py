"""Who acts: the name that somebody claims, and what the system knows about them. contract.md section 6."""

from __future__ import annotations

import os
import pwd
from collections.abc import Mapping

from backout_tui.domain.backout.events import Actor
from backout_tui.domain.text import clean_line
from backout_tui.errors import BackoutError
from backout_tui.settings import Settings


def whoami(claimed: str | None, environment: Mapping[str, str]) -> Actor:
    """The actor of this process: the name from `--as` (`claimed`), else `BACKOUT_AS`, else the login.

    It doesn't ask the network. Raises BackoutError for a name that is given but blank.
    """
    login = _login()
    return Actor(
        name=_claimed_name(claimed, environment) or login,
        login=login,
        uid=os.getuid(),
        host=clean_line(os.uname().nodename),
        tty=_tty(),
        ssh_client=_ssh_client(environment),
    )


def why_ask_name(settings: Settings, actor: Actor, claimed: str | None) -> str | None:
    """Why the person has to say who they are (several people use this login); None when they don't have to."""
    if claimed is not None or actor.name != actor.login or actor.login not in settings.shared_accounts:
        return None
    return f"{actor.login} is an account that several people use: the log needs your own name"


def _claimed_name(claimed: str | None, environment: Mapping[str, str]) -> str:
    given, origin = (claimed, "--as") if claimed is not None else (environment.get("BACKOUT_AS"), "BACKOUT_AS")
    if given is None:
        return ""
    name = clean_line(given).strip()
    if not name:
        raise BackoutError("the name is blank", where=origin, todo="Give your name, or leave it out to use the login.")
    return name


def _login() -> str:
    try:
        return clean_line(pwd.getpwuid(os.getuid()).pw_name)
    except KeyError:  # a container may run as a user without an entry
        return f"uid {os.getuid()}"


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
