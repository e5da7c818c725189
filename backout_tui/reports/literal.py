"""Text from outside in a Markdown document: it reads as it was written, and can become nothing else."""

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
_CLOSING = re.compile(r"(?<=\s)#+$")  # at the end of a heading it would be taken for its end
_RUN_OF_BACKTICKS = re.compile(r"`{3,}")


def literal(text: str) -> str:
    """`text` on one line, escaped: no heading, list, table, emphasis, link, entity or HTML can come of it."""
    escaped = _SPECIAL.sub(r"\\\g<0>", " ".join(clean_line(text).split()))
    return _AT_THE_START.sub(_no_block, _CLOSING.sub(lambda run: "\\#" * len(run[0]), escaped))


def _no_block(match: re.Match[str]) -> str:
    """What would begin a heading, a rule or a list, escaped: of `1.` it is the point that can be."""
    return f"{match[0]}\\" if match[0].isdigit() else f"\\{match[0]}"


def fenced(text: str) -> Iterator[str]:
    """`text` of several lines as a code block whose fence is longer than any run of backticks in it."""
    longest = max((len(run) for run in _RUN_OF_BACKTICKS.findall(text)), default=2)
    fence = "`" * (longest + 1)
    yield f"{fence}text"
    yield from clean(text).strip("\n").split("\n")
    yield fence


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """A table; the cells are Markdown already. Without rows there is no table."""
    lines = [f"| {' | '.join(cell or ' ' for cell in row)} |" for row in rows]
    if lines:
        yield f"| {' | '.join(headings)} |"
        yield f"|{'---|' * len(headings)}"
        yield from lines
