"""What the command line says: to people in inert text, to programs in JSON."""

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
    """Standard output does not take what is said: it is closed, or a full disk."""


class EnoughRead(Exception):  # noqa: N818 - not an error
    """Whoever read standard output has read enough and went away, as `head` does."""


def say(text: str = "") -> None:
    """A line for people on standard output: whatever it holds, no byte of it acts on the terminal."""
    _write(clean(text) + "\n")


def tell(text: str) -> None:
    """A line for people on standard error, beside what a program reads."""
    ask(text + "\n")


def ask(text: str) -> None:
    """Words on standard error without an end of line: the answer stands beside them."""
    if sys.stderr is not None:
        with contextlib.suppress(OSError):  # nobody can be told that nobody can be told
            sys.stderr.write(clean(text))
            sys.stderr.flush()


def complain(text: str, *, hint: str = "") -> None:
    """What is wrong, and what to do, on standard error."""
    stop = "" if text.endswith((".", "?", "!", ":")) else "."
    tell(f"backout-tui: {text}{stop + ' ' + hint if hint else ''}")


def say_json(document: Any) -> None:
    """One JSON document on standard output; characters that a terminal acts on are escapes in it."""
    say_raw(safe_json(json.dumps(document, ensure_ascii=False, indent=2)) + "\n")


def say_document(text: str) -> None:
    """A document for a file or a program, byte for byte; on a terminal as inert as all that is said there."""
    if _out().isatty():
        say(text.removesuffix("\n"))
    else:
        say_raw(text)


def say_raw(text: str) -> None:
    """Text as it stands, in UTF-8 whatever the terminal's own encoding is."""
    out = _out()
    with _heard():
        out.flush()
        out.buffer.write(text.encode("utf-8", "backslashreplace"))


def flush() -> None:
    """See what was said on its way, while it can still be told when it does not arrive."""
    if sys.stdout is not None:
        with _heard():
            sys.stdout.flush()


def never_stumble() -> None:
    """A terminal that lacks a character gets its number: an arrow must not end a command."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def let_go() -> None:
    """Drop what standard output did not take, so that the interpreter does not complain at its own exit."""
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
        what = f"standard output cannot be written: {(error.strerror or str(error)).lower()}"
        raise NobodyListens(what, todo="What was recorded stays.") from error
