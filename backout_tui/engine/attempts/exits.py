"""Says in words what an exit code or a signal usually means, for people who meet it at night."""

from __future__ import annotations

import re
import signal
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # whoever only shows a code need not load what runs commands
    from backout_tui.engine.attempts.command_run import Ended

_AFTER_SIGNAL = 128
_KNOWN = {
    126: "a program was found but could not be executed (a folder, or not executable)",
    127: "a command was not found (misspelt, not installed, or not on the PATH)",
}
_SIGNALS = {
    "HUP": "the terminal or session that it belonged to ended",
    "INT": "interrupted, as by Ctrl+C",
    "QUIT": "ended by somebody, as by Ctrl+\\",
    "ILL": "the program is broken, or made for another processor",
    "ABRT": "the program found something wrong in itself and gave up",
    "BUS": "the program crashed",
    "FPE": "the program crashed: a wrong calculation",
    "KILL": "killed from outside, often because memory ran out",
    "SEGV": "the program crashed",
    "PIPE": "a pipe was closed early, as by `head` or `grep -q`",
    "TERM": "asked to end from outside",
    "XCPU": "it used more processor time than it may",
    "XFSZ": "a file became larger than it may",
}
_OVER_SSH = frozenset({"ssh", "scp", "sftp", "rsync"})
_WORD = re.compile(r"[\w-]+")
_PIPEFAIL = re.compile(r"^\s*set\s[^\n#]*pipefail", re.MULTILINE)


def why_ended(ended: Ended, script: str, *, pipefail: bool) -> str:
    """Why a command that ended has failed, with what its exit code means; "" for exit 0 without being stopped.

    `pipefail` says whether its shell was started with that option.
    """
    if ended.stopped:
        left = ", ".join(map(str, ended.left))
        return ended.stopped.why + (f"; still running after KILL: process {left}" if left else "")
    if ended.signal is not None:
        return signal_words(ended.signal)
    return exit_words(ended.exit_code, script, pipefail=pipefail) if ended.exit_code else ""


def exit_words(code: int, script: str, *, pipefail: bool = False) -> str:
    """`exit code 141: SIGPIPE, ...`: a code with what it usually means, of one of the programs in `script` too."""
    meaning = _KNOWN.get(code) or _of_program(code, script) or _of_signal(code)
    if code == _AFTER_SIGNAL + signal.SIGPIPE and (pipefail or _PIPEFAIL.search(script)):
        meaning += "; pipefail makes that a failure"
    return _joined(f"exit code {code}", meaning)


def signal_words(number: int) -> str:
    """`killed by signal 9: SIGKILL, ...`."""
    return _joined(f"killed by signal {number}", _named(number))


def _joined(what: str, meaning: str) -> str:
    return f"{what}: {meaning}" if meaning else what


def _of_program(code: int, script: str) -> str:
    """The meaning that a code has for one program which the script runs."""
    programs = frozenset(_WORD.findall(script)) if code in (124, 255) else frozenset()
    if code == 124 and "timeout" in programs:
        return "`timeout` ended it, because it took too long"
    if code == 255 and programs & _OVER_SSH:
        return "ssh could not connect or log in, or what it ran ended with 255 itself"
    return ""


def _of_signal(code: int) -> str:
    return _named(code - _AFTER_SIGNAL) if _AFTER_SIGNAL < code < 255 else ""


def _named(number: int) -> str:
    try:
        name = signal.Signals(number).name
    except ValueError:  # a real-time signal, or none at all
        return ""
    meaning = _SIGNALS.get(name.removeprefix("SIG"), "")
    return f"{name}, {meaning}" if meaning else f"ended by {name}"
