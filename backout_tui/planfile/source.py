"""From the text of a file to a document: line ends, invisible characters, front matter."""

from __future__ import annotations

import re

from msgspec import Struct

from backout_tui.domain.text import clean
from backout_tui.planfile.document import Document
from backout_tui.planfile.mending import settle, with_closed_fences
from backout_tui.planfile.reader_remarks import Remarks

_MATTER = re.compile(r"^(?:\s|#|- |[\w .-]+\s*[:=]|[}\])]|$)")
_HEADING = re.compile(r"^#(?:#+| [^#]*\b(?:plan|roll|back))", re.IGNORECASE)  # a plan between rules, not front matter
_MATTER_TITLE = re.compile(r"^title\s*[:=]\s*(['\"]?)(.*?)\1\s*$", re.IGNORECASE)


class Source(Struct, frozen=True):
    """A document, and the title from its front matter ("" if it has none)."""

    document: Document
    title: str


def read_source(text: str, remarks: Remarks) -> Source:
    """The document in `text`; `remarks` says what had to be repaired."""
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
    lines = plain.split("\n")
    _note_hidden_characters(lines, remarks)
    title = _take_front_matter(lines)
    document = with_closed_fences(lines, remarks)
    settle(document, remarks)
    if document.too_deep is not None:
        message = "lists or quotes stand inside each other too deep to be read, and nothing is known of what follows"
        remarks.add("too-deep", document.number(document.too_deep), message)
    return Source(document, title)


def _note_hidden_characters(lines: list[str], remarks: Remarks) -> None:
    for number, line in enumerate(lines, start=1):
        if not line.isascii() or not line.isprintable():
            shown = clean(line)
            if shown != line:
                remarks.add("hidden-character", number, "this line holds a control or invisible character; remove it")


def _take_front_matter(lines: list[str]) -> str:
    """Blanks the front matter at the top of `lines`, so that every line keeps its number; returns its title, or ""."""
    if lines[0].rstrip() not in ("---", "+++"):
        return ""
    ends = (at for at, line in enumerate(lines[1:], start=1) if line.rstrip() in (lines[0].rstrip(), "..."))
    end = next(ends, 0)
    if end == 0 or not all(_MATTER.match(line) for line in lines[1:end]) or any(map(_HEADING.match, lines[1:end])):
        return ""
    title = next((match[2] for line in lines[1:end] if (match := _MATTER_TITLE.match(line))), "")
    lines[: end + 1] = [""] * (end + 1)
    return title.strip()
