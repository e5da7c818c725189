"""The nine questions on a terminal, one blank after the other; an empty line leaves one open."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Callable

from backout_tui.cli.speech import ask, tell
from backout_tui.domain.questionnaire import PAGES, Blank, Page, release_complaint

_WIDTH = 76


class _EnoughSaid(Exception):  # noqa: N818 - not an error
    """The input has ended: what was not asked yet is left open."""


def on_terminal() -> bool:
    """Whether somebody is there who can be asked."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr))


def ask_questions(answers: dict[str, str], then: Callable[[dict[str, str]], None]) -> dict[str, str]:
    """`answers`, with what is answered now; `then` is called once the release is known, before the nine questions.

    The end of the input leaves the rest open. Raises what `then` raises, and KeyboardInterrupt.
    """
    found = dict(answers)
    tell("An empty line leaves a question open, Ctrl+D all that follow. Ctrl+C leaves, and stores nothing.")
    try:
        for page in PAGES:
            _ask_page(page, found)
            if not page.id:
                then(found)
    except _EnoughSaid:
        tell("")
    return found


def _ask_page(page: Page, found: dict[str, str]) -> None:
    """Ask for the blanks of a page that are not filled in yet."""
    blanks = [blank for blank in page.blanks if blank.name not in found]
    if not blanks:
        return
    tell(f"\n{f'{page.id} of 9: ' if page.id else ''}{page.title}")
    tell(textwrap.fill(page.text, _WIDTH))
    tell(textwrap.fill(page.why, _WIDTH) + "\n")
    for blank in blanks:
        found[blank.name] = _several_lines(blank) if blank.several else _one_line(blank)


def _one_line(blank: Blank) -> str:
    """One line; the release is asked for until it is whole, since a plan without one belongs to nothing."""
    while True:
        ask(f"{blank.label} (for example {blank.example[0]}): ")
        answer = _line()
        if blank.name != "release" or not (wrong := release_complaint(answer)):
            return answer
        tell(wrong)


def _several_lines(blank: Blank) -> str:
    tell(f"{blank.label} (several lines, then an empty one), for example:")
    tell(textwrap.indent("\n".join(blank.example), "    "))
    lines: list[str] = []
    while True:
        ask("> ")
        try:
            line = _line()
        except _EnoughSaid:
            if not lines:
                raise
            line = ""  # what was typed counts; the next blank meets the end again
        if not line:
            return "\n".join(lines)
        lines.append(line)


def _line() -> str:
    line = sys.stdin.readline()
    if not line:
        raise _EnoughSaid
    return line.strip()
