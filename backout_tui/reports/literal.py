"""Text from outside in a Markdown document: it reads as it was written and cannot become markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from backout_tui.domain.text import clean, clean_line

_SPECIAL = re.compile(
    r"""[\\`*\[\]<>|~$]             # what begins or ends something anywhere
      | (?<![A-Za-z0-9])_ | _(?![A-Za-z0-9])
      | &(?=[#A-Za-z])              # an entity
      | (?<=\w)@(?=\w)              # an address that a viewer would make a link
      | (?<=:)/(?=/) | (?<=www)\.   # the same for a web address
    """,
    re.VERBOSE | re.IGNORECASE,
)
_AT_THE_START = re.compile(r"^[#+=-]|^\d{1,9}(?=[.)](?:\s|$))")
_CLOSING = re.compile(r"(?<=\s)#+$")  # at the end of a heading Markdown would drop these signs
_RUN_OF_BACKTICKS = re.compile(r"`{3,}")


def literal(text: str) -> str:
    """Return `text` on one line, escaped: it cannot become a heading, list, table, emphasis, link, entity or HTML."""
    escaped = _SPECIAL.sub(r"\\\g<0>", " ".join(clean_line(text).split()))
    return _AT_THE_START.sub(_no_block, _CLOSING.sub(lambda run: "\\#" * len(run[0]), escaped))


def _no_block(match: re.Match[str]) -> str:
    """Escape what would start a heading, a rule or a list; after a number, escape the dot that follows."""
    return f"{match[0]}\\" if match[0].isdigit() else f"\\{match[0]}"


def fenced(text: str) -> Iterator[str]:
    """Return `text` of several lines as a code block; its fence is longer than any run of backticks in the text."""
    longest = max((len(run) for run in _RUN_OF_BACKTICKS.findall(text)), default=2)
    fence = "`" * (longest + 1)
    yield f"{fence}text"
    yield from clean(text).strip("\n").split("\n")
    yield fence


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Return a table whose cells are already Markdown, or nothing when there are no rows."""
    lines = [f"| {' | '.join(cell or ' ' for cell in row)} |" for row in rows]
    if lines:
        yield f"| {' | '.join(headings)} |"
        yield f"|{'---|' * len(headings)}"
        yield from lines
