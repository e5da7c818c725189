"""Asks the nine questions on a terminal, one blank after the other; an empty line leaves a blank open."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Callable

from backout_tui.cli.speech import ask, tell
from backout_tui.domain.plan.questionnaire import PAGES, Blank, Page, release_complaint

_WIDTH = 76


class _Typed:
    """Reads what is typed, line by line; once `ended` is set, blanks that were not asked stay open."""

    def __init__(self) -> None:
        self.ended = False

    def line(self) -> str:
        """Return the next line, or "" after the end."""
        line = "" if self.ended else sys.stdin.readline()
        self.ended = not line
        return line.strip()


def on_terminal() -> bool:
    """Whether a person is at the terminal and can be asked."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr))


def ask_questions(answers: dict[str, str], then: Callable[[dict[str, str]], None]) -> dict[str, str]:
    """Return `answers` completed by what is typed; call `then` once the release is known, before the nine questions.

    The end of the input leaves the rest open. Raises what `then` raises, and KeyboardInterrupt.
    """
    found, typed = dict(answers), _Typed()
    tell("An empty line leaves a question open, Ctrl+D all that follow. Ctrl+C leaves, and stores nothing.")
    for page in PAGES:
        blanks = [blank for blank in page.blanks if blank.name not in found]
        if blanks and not typed.ended:
            _introduce(page)
        for blank in blanks:
            if not typed.ended:
                found[blank.name] = _several_lines(blank, typed) if blank.several else _one_line(blank, typed)
        if not page.id:
            then(found)
    if typed.ended:
        tell("")  # the last prompt has no line break yet
    return found


def _introduce(page: Page) -> None:
    tell(f"\n{f'{page.id} of 9: ' if page.id else ''}{page.title}")
    tell(textwrap.fill(page.text, _WIDTH))
    tell(textwrap.fill(page.why, _WIDTH) + "\n")


def _one_line(blank: Blank, typed: _Typed) -> str:
    """Ask for one line; repeat the release until it is complete, because a plan needs one."""
    while True:
        ask(f"{blank.label} (for example {blank.example[0]}): ")
        answer = typed.line()
        wrong = release_complaint(answer) if blank.name == "release" else ""
        if typed.ended or not wrong:
            return answer
        tell(wrong)


def _several_lines(blank: Blank, typed: _Typed) -> str:
    tell(f"{blank.label} (several lines, then an empty one), for example:")
    tell(textwrap.indent("\n".join(blank.example), "    "))
    lines = list[str]()
    ask("> ")
    while line := typed.line():
        lines.append(line)
        ask("> ")
    return "\n".join(lines)
