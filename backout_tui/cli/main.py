"""The entry point: it opens the dashboard directly, leaves the rest to the parser, and reports every error."""

from __future__ import annotations

import gc
import os
import signal
import sys
from typing import NoReturn

from backout_tui.cli import speech, straight
from backout_tui.cli.speech import complain
from backout_tui.errors import EXIT_BUG, EXIT_DONE, EXIT_OUTSIDE, EXIT_REFUSED, BackoutError, Refused

_SIGNALLED = 128


def main() -> NoReturn:
    """Run the command line and exit as contract.md section 8 says."""
    # Objects made at the start stay alive; collecting garbage among them would take a fifth of the time to the first
    # picture.
    gc.disable()
    speech.never_stumble()
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command line and return the exit code."""
    code = EXIT_DONE
    try:
        code = _obeyed(arguments)
        speech.flush()
    except Refused as refused:
        complain(refused.reason, hint=_lift(refused))
        code = EXIT_REFUSED
    except BackoutError as error:
        complain(str(error))
        if isinstance(error, speech.NobodyListens):
            speech.let_go()
        code = code if code > _SIGNALLED else EXIT_OUTSIDE  # a signal ended it, whether or not anybody reads the output
    except KeyboardInterrupt:
        complain("interrupted; what was recorded stays, and what runs goes on")
        code = 128 + signal.SIGINT
    except speech.EnoughRead:
        speech.let_go()
        code = EXIT_DONE
    except Exception as error:  # noqa: BLE001 - the last handler: a missing resource, or our own bug
        code = _unforeseen(error, arguments)
    return code


def _obeyed(arguments: list[str]) -> int:
    """Open the dashboard without the parser if possible: the parser takes a sixth of the time to the first picture."""
    if (way := straight.to_the_dashboard(arguments, os.environ)) is not None:
        return way.gone()
    from backout_tui.cli.command_line import obeyed

    return obeyed(arguments)


_LIFTS = {
    "reason": "--reason T",
    "break-glass": "--break-glass with --reason T",
    "note": "--note T",
    "ticks": "--reason T, for all of them",
    "yes": "--yes",
    "adopt": "`do BACKOUT take-over --adopt --reason T`",
}


def _unforeseen(error: Exception, arguments: list[str]) -> int:
    if isinstance(error, UnicodeEncodeError):
        return _not_text(error, arguments)
    return _unheard(error) if isinstance(error, OSError) else _scarce_or_bug(error)


def _unheard(error: OSError) -> int:
    """Report that click's own output, such as `--help`, cannot be written, as on a full disk. Pass other errors on."""
    from traceback import walk_tb

    echo = getattr(sys.modules.get("click"), "echo", None)
    if echo is None or all(frame.f_code is not echo.__code__ for frame, _ in walk_tb(error.__traceback__)):
        return _scarce_or_bug(error)
    complain(str(speech.unheard(error)))
    speech.let_go()
    return EXIT_OUTSIDE


def _lift(refused: Refused) -> str:
    lift = _LIFTS.get(refused.lifted_by)
    return f"To do it anyway: {lift}." if lift else ""


def _not_text(error: UnicodeEncodeError, arguments: list[str]) -> int:
    """Report an argument that is not UTF-8: it would reach the log or a query. File names may have such bytes."""
    if not any(map(_holds_bytes, arguments)):
        return _bug(error)
    complain("an argument is not UTF-8 text", hint="Type it in a UTF-8 terminal.")
    return EXIT_OUTSIDE


def _holds_bytes(argument: str) -> bool:
    """Whether the argument holds bytes that could not be decoded as UTF-8."""
    return any("\udc80" <= char <= "\udcff" for char in argument)


def _scarce_or_bug(error: BaseException) -> int:
    from backout_tui.cli.scarcity import what_is_scarce

    if (scarce := what_is_scarce(error)) is None:
        return _bug(error)
    what, todo = scarce
    complain(what, hint=todo)
    return EXIT_OUTSIDE


def _bug(error: BaseException) -> int:
    """Report an error as our own bug, without local variables."""
    try:
        from backout_tui.crash import write_report

        where = f" A report is in {write_report(error)}."
    except (OSError, MemoryError, ImportError):
        where = ""
    complain(f"this is a bug in backout-tui ({type(error).__name__}); what was recorded is safe.{where}")
    return EXIT_BUG
