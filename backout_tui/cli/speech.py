"""What the command line prints: for people text without control characters, for programs JSON."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Iterator
from typing import Any, TextIO

from backout_tui.domain.text import clean, safe_json
from backout_tui.errors import BackoutError


class NobodyListens(BackoutError):  # noqa: N818 - said to people, like its parent
    """Standard output does not take what is written: it is closed, or on a full disk."""


class EnoughRead(Exception):  # noqa: N818 - not an error
    """The reader of standard output closed it early, as `head` does."""


def say(text: str = "") -> None:
    """Print a line for people on standard output; no byte of it acts on the terminal."""
    _write(clean(text) + "\n")


def tell(text: str) -> None:
    """Print a line for people on standard error, apart from what a program reads."""
    ask(text + "\n")


def ask(text: str) -> None:
    """Print words on standard error without a line break, so that the answer follows them."""
    if sys.stderr is not None:
        with contextlib.suppress(OSError):  # there is nowhere left to report this error
            sys.stderr.write(clean(text))
            sys.stderr.flush()


def complain(text: str, *, hint: str = "") -> None:
    """Print what is wrong and what to do on standard error."""
    stop = "" if text.endswith((".", "?", "!", ":")) else "."
    tell(f"backout-tui: {text}{stop + ' ' + hint if hint else ''}")


def say_json(document: Any) -> None:
    """Print one JSON document on standard output; characters that act on a terminal are escaped."""
    say_raw(safe_json(json.dumps(document, ensure_ascii=False, indent=2)) + "\n")


def say_document(text: str) -> None:
    """Print a document byte for byte for a file or a program; on a terminal, clean it as `say` does."""
    if _out().isatty():
        say(text.removesuffix("\n"))
    else:
        say_raw(text)


def say_raw(text: str) -> None:
    """Print text unchanged, in UTF-8 whatever the terminal's own encoding is."""
    out = _out()
    with _heard():
        out.flush()
        out.buffer.write(text.encode("utf-8", "backslashreplace"))


def flush() -> None:
    """Flush standard output while a failure can still be reported.

    It also raises when standard output is closed, because click and the dashboard ignore that when they print.
    """
    out = _out()
    with _heard():
        out.flush()


def never_stumble() -> None:
    """Print the number of a character that the terminal lacks, so that an arrow cannot end a command."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def let_go() -> None:
    """Drop what standard output did not take, so that the interpreter does not complain when it exits."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)


def _write(text: str) -> None:
    out = _out()
    with _heard():
        out.write(text)


def _out() -> TextIO:
    if sys.stdout is None:
        raise NobodyListens("standard output is closed", todo="What was recorded stays.")
    return sys.stdout


@contextlib.contextmanager
def _heard() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError as error:
        raise EnoughRead from error
    except OSError as error:
        raise unheard(error) from error


def unheard(error: OSError) -> NobodyListens:
    """Return the error that says why standard output did not take what was written."""
    what = f"standard output cannot be written: {(error.strerror or str(error)).lower()}"
    return NobodyListens(what, todo="What was recorded stays.")
