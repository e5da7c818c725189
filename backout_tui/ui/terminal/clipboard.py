"""The way to the clipboard: the terminal's own, or through tmux, which drops what programs in it send."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Mapping

DEADLINE_S = 3.0
"""Seconds that tmux may take."""
ALLOWED = "copied, where the terminal allows it"


def copied(text: str, send: Callable[[str], None], environment: Mapping[str, str] = os.environ) -> str:
    """Copy `text`, and return in words how far it came; `send` hands it to the terminal itself.

    It may wait for tmux: call it in a thread.
    """
    if environment.get("TMUX"):
        return _through_tmux(text, environment)
    if environment.get("STY"):
        return "not copied: GNU screen passes nothing on to the clipboard"
    send(text)
    if environment.get("TERM", "").startswith(("tmux", "screen")):  # a tmux on another host, around ssh
        return "copied, if the tmux around this passes it on (there: set -s set-clipboard on)"
    return ALLOWED


def _through_tmux(text: str, environment: Mapping[str, str]) -> str:
    """Hand it to tmux, which gives it to the terminal around it."""
    why = _tmux(["load-buffer", "-w", "-"], environment, text)
    if not why:
        features = _asked("#{client_termfeatures}", environment)
        if features and "clipboard" not in features.split(","):
            return (
                "in tmux's own buffer (prefix ] pastes it), and not in the clipboard: tmux knows of none in the"
                " terminal around it (set -as terminal-features ',*:clipboard')"
            )
        return "copied through tmux"
    if not _tmux(["load-buffer", "-"], environment, text):  # before 3.2 it has no -w
        return f"in tmux's own buffer (prefix ] pastes it), and not in the clipboard: {why}; tmux 3.2 passes it on"
    return f"not copied: {why}"


def _tmux(arguments: list[str], environment: Mapping[str, str], text: str) -> str:
    """Have tmux do something with `text`; return why it did not, "" when it did."""
    try:
        done = subprocess.run(  # noqa: S603 - tmux itself, found as the operator would find it
            ["tmux", *arguments],  # noqa: S607
            input=text.encode(),
            env=dict(environment),
            capture_output=True,
            timeout=DEADLINE_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return "tmux does not answer"
    except OSError as error:
        return f"tmux cannot be run ({(error.strerror or 'unknown').lower()})"
    said = done.stderr.decode(errors="replace").strip().split("\n")[0]
    return (said or f"tmux ended with {done.returncode}") if done.returncode else ""


def _asked(what: str, environment: Mapping[str, str]) -> str:
    """What tmux says of its client; "" when it does not say."""
    try:
        return subprocess.run(  # noqa: S603 - as above
            ["tmux", "display-message", "-p", what],  # noqa: S607
            env=dict(environment),
            capture_output=True,
            timeout=DEADLINE_S,
            check=False,
            text=True,
        ).stdout.strip()
    except (OSError, subprocess.TimeoutExpired, UnicodeDecodeError):
        return ""
