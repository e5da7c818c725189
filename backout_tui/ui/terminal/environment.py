"""What must be set before Textual is imported, because it reads its environment only once. Imports no Textual."""

from __future__ import annotations

import os
from collections.abc import MutableMapping

from backout_tui.errors import BackoutError

_KEPT = ("TEXTUAL_FPS", "TEXTUAL_COLOR_SYSTEM", "TEXTUAL_DISABLE_KITTY_KEY")
"""The Textual variables that people may set. The others print, log or press keys on their own."""
SSH_FPS = "20"
"""Pictures per second over ssh: as often as output is shown; more would only fill the connection."""


def prepare_environment(environ: MutableMapping[str, str], *, terminal: bool | None = None) -> None:
    """Make `environ` fit for the dashboard, in place.

    Raises BackoutError when there is no terminal to draw on (`terminal`, by default whether standard input and
    standard error are one), or it can only print lines.
    """
    if terminal is None:
        terminal = os.isatty(0) and os.isatty(2)
    if not terminal:
        raise BackoutError(
            "there is no terminal to draw the dashboard on",
            todo="Run it from a terminal, or use `backout-tui show`, `log` and `do`, which need none",
        )
    if environ.get("TERM", "").lower() in ("dumb", "unknown"):
        raise BackoutError(
            f"this terminal (TERM={environ['TERM']}) can only print lines",
            todo="Set TERM to what it really is (often xterm-256color), or use `backout-tui show`, `log` and `do`",
        )
    for name in [name for name in environ if name == "TEXTUAL" or name.startswith("TEXTUAL_")]:
        if name not in _KEPT:
            del environ[name]
    for name in ("COLUMNS", "LINES"):
        environ.pop(name, None)  # otherwise this stays the size, even when the terminal's changes
    environ["TEXTUAL_ANIMATIONS"] = "none"
    environ["TEXTUAL_SMOOTH_SCROLL"] = "0"  # otherwise the mouse is reported by pixels
    if environ.get("SSH_CONNECTION"):
        environ.setdefault("TEXTUAL_FPS", SSH_FPS)
    if environ.get("NO_COLOR") == "":
        del environ["NO_COLOR"]  # the convention: only a value that is not empty counts
