"""What a command's output must contain: literals, searched as it streams by, and patterns, searched in what is kept."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

import backout_tui
from backout_tui.domain.plan import expectations
from backout_tui.engine.attempts.spool import KeptOutput
from backout_tui.engine.printed.cleaning import as_read

DEADLINE_S = 5.0  # for one pattern: a catastrophic one would otherwise search for ever


class Expectation(Struct, frozen=True):
    """One `Expect:` as `written`: a pattern between slashes, or a literal in a code span; `text` is what is inside."""

    written: str
    text: str
    is_pattern: bool = False


class Met(Struct, frozen=True):
    """Whether an expectation is met; `note` says what kept us from knowing, "" when nothing did."""

    expectation: Expectation
    met: bool
    note: str = ""

    def record(self) -> dict[str, Any]:
        """The entry for it in the outcome."""
        entry: dict[str, Any] = {"text": self.expectation.written, "met": self.met}
        return entry | ({"note": self.note} if self.note else {})

    @property
    def why(self) -> str:
        """Why the command counts as failed; "" when the expectation is met."""
        if self.met:
            return ""
        verb = "match" if self.expectation.is_pattern else "say"
        return f"did not {verb} {self.expectation.written}" + (f" ({self.note})" if self.note else "")


def read_expectation(written: str) -> Expectation:
    """The expectation that a plan writes as `written`; one that cannot be read searches for nothing and is never met.

    An invalid pattern is kept: the search says what is wrong with it.
    """
    said = written.strip()
    if (regex := expectations.pattern(said)) is not None:
        return Expectation(written, regex, is_pattern=True)
    inside = expectations.code_span(said)
    literal = inside if inside is not None and inside.strip() else ""
    return Expectation(written, as_read(literal.encode("utf-8", "backslashreplace")))


class LiteralSearch:
    """Searches a stream of text for literals, including across the borders of its chunks."""

    def __init__(self, literals: Iterable[str]) -> None:
        """An empty literal is never found: it says nothing about the output."""
        self._missing = {literal for literal in literals if literal}
        self._before = ""
        self.found: set[str] = set()

    def feed(self, text: str) -> None:
        """Search the text that has come."""
        if not self._missing:
            return
        text = self._before + text
        self.found |= {literal for literal in self._missing if literal in text}
        self._missing -= self.found
        keep = max(map(len, self._missing), default=1) - 1
        self._before = text[-keep:] if keep else ""


def judge(
    expectations: Sequence[Expectation],
    found: set[str],
    kept: KeptOutput,
    middle: bytes = b"",
    *,
    deadline_s: float = DEADLINE_S,
) -> list[Met]:
    """Which expectations are met: literals that were `found` in the stream, patterns that match in the output.

    Of a long output that is what is `kept` and, in between, the `middle` that is not.
    """
    return [_judge_one(expectation, found, kept, middle, deadline_s) for expectation in expectations]


def _judge_one(expectation: Expectation, found: set[str], kept: KeptOutput, middle: bytes, deadline_s: float) -> Met:
    if not expectation.text:
        return Met(expectation, met=False, note="it names nothing to look for")
    if expectation.is_pattern:
        return _match(expectation, kept, middle, deadline_s)
    return Met(expectation, expectation.text in found)


def _match(expectation: Expectation, kept: KeptOutput, middle: bytes, deadline_s: float) -> Met:
    lost = kept.dropped - len(middle)
    parts = (kept.head + middle, kept.tail) if lost else (kept.head + middle + kept.tail,)
    answer = _ask_child(expectation.text, [part.decode("utf-8", "replace") for part in parts], deadline_s)
    note = "" if isinstance(answer, bool) else answer
    if answer is not True and lost and not note:
        note = f"{lost} bytes in the middle of the output were not kept, and could not be searched"
    return Met(expectation, answer is True, note)


def _ask_child(pattern: str, texts: list[str], deadline_s: float) -> bool | str:
    """Whether `pattern` matches in one of `texts`, or why that isn't known. A child searches: it can be killed."""
    question = json.dumps({"pattern": pattern, "texts": texts, "deadline_s": max(1, round(deadline_s))}).encode()
    try:
        child = subprocess.run(
            [sys.executable, "-m", "backout_tui.engine.printed.expect"],
            input=question,
            capture_output=True,
            timeout=deadline_s,
            cwd=Path(backout_tui.__file__).parent.parent,
            check=False,
        )
        answer: dict[str, Any] = json.loads(child.stdout)
    except subprocess.TimeoutExpired:
        return f"searching took longer than {deadline_s:g} s"
    except OSError as error:
        return f"it could not be searched: {error.strerror}"
    except ValueError:
        return "the search ended without an answer"
    return str(answer["trouble"]) if "trouble" in answer else answer["met"] is True


def search(pattern: str, texts: Sequence[str]) -> dict[str, Any]:
    """The child's answer: `{"met": bool}`, or `{"trouble": why}`. `^` and `$` match at the borders of lines."""
    try:
        compiled = re.compile(pattern, re.MULTILINE)
    except (re.error, OverflowError, RecursionError) as error:
        return {"trouble": f"it is not a valid pattern: {error}"}
    return {"met": any(compiled.search(text) for text in texts)}


def _be_the_child() -> None:
    import resource  # here: only the child limits itself

    question = json.load(sys.stdin)
    # If the supervisor is killed meanwhile, nobody is left to stop the search.
    resource.setrlimit(resource.RLIMIT_CPU, (question["deadline_s"] + 1, question["deadline_s"] + 1))
    json.dump(search(question["pattern"], question["texts"]), sys.stdout)


if __name__ == "__main__":
    _be_the_child()
