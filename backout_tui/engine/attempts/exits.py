"""Says in words what an exit code or a signal usually means, for people who meet it at night."""

from __future__ import annotations

import re
import signal

from backout_tui.engine.attempts.command_run import Ended

_AFTER_SIGNAL = 128
_KNOWN = {
    126: "a program was found but could not be executed (is it a folder, or not executable?)",
    127: "a command was not found (is it misspelt, not installed, or not on the PATH?)",
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
    "PIPE": "a pipe was closed early, because its reader (`head`, `grep -q`, ...) had enough",
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
        return _joined(f"killed by signal {ended.signal}", _named(ended.signal))
    if not (code := ended.exit_code):
        return ""
    meaning = _KNOWN.get(code) or _of_program(code, script) or _of_signal(code)
    if code == _AFTER_SIGNAL + signal.SIGPIPE and (pipefail or _PIPEFAIL.search(script)):
        meaning += "; pipefail makes the whole pipe fail"
    return _joined(f"exit code {code}", meaning)


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
