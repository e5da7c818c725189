"""Tables: contacts and components."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from backout_tui.domain.plan.plan import Component, Contact, split_names
from backout_tui.planfile.document import Span, within
from backout_tui.planfile.reading.book import Book
from backout_tui.planfile.reading.outline import Node

_CONTACT_COLUMNS = {
    "name": "name",
    "contact": "name",
    "role": "role",
    "groups": "groups",
    "group": "groups",
    "zone": "zone",
    "time zone": "zone",
    "timezone": "zone",
    "quiet": "quiet",
    "quiet hours": "quiet",
    "reach": "reach",
}
_CHANNELS = {"email": "email", "e-mail": "email", "mail": "email", "phone": "phone", "sms": "sms", "slack": "slack"}
_COMPONENT_COLUMNS = {"component": "component", "version": "version", "returns to": "returns_to"}
_PIPE = re.compile(r"(?<!\\)\|")


class _Row(Struct, frozen=True):
    """One row: its cells by column title, in lower case; `line` counts from 1."""

    cells: dict[str, str]
    line: int


def read_contacts(book: Book, node: Node) -> None:
    """Reads the table of contacts below `node` into `book`."""
    for row in _read_rows(book, node, "contacts", {**_CONTACT_COLUMNS, **_CHANNELS}, {"name", "contact"}):
        named = {_CONTACT_COLUMNS[title]: cell for title, cell in row.cells.items() if title in _CONTACT_COLUMNS}
        reach = [f"{_CHANNELS[title]}:{cell}" for title, cell in row.cells.items() if title in _CHANNELS and cell]
        book.contacts.append(
            Contact(
                named.get("name", ""),
                named.get("role", ""),
                split_names(named.get("groups", "")),
                named.get("zone", ""),
                named.get("quiet", ""),
                (*split_names(named.get("reach", "")), *reach),
                row.line,
            )
        )


def read_components(book: Book, node: Node) -> None:
    """Reads the table of components below `node` into `book`."""
    for row in _read_rows(book, node, "components", _COMPONENT_COLUMNS, {"component"}):
        named = {_COMPONENT_COLUMNS[title]: cell for title, cell in row.cells.items() if title in _COMPONENT_COLUMNS}
        book.components.append(Component(**named, line=row.line))


def _read_rows(book: Book, node: Node, section: str, known: dict[str, str], needed: set[str]) -> list[_Row]:
    """The rows of all tables below `node` that have one of the `needed` columns; the rest of the text is kept."""
    rows: list[_Row] = []
    rest, at = [], node.body.start
    for table in within(book.document.tables, node.body.start, node.end):
        titles = [cell.strip("*_` ").lower() for cell in split_row(book.document.lines[table.start])]
        if not needed.intersection(titles):
            continue
        for title in titles:
            if title not in known:
                columns = ", ".join(dict.fromkeys(known.values()))
                message = f"the column `{title}` is not read; the columns are {columns}"
                book.remarks.add("unknown-column", book.document.number(table.start), message, title)
        rows += _rows_of(book, table, titles)
        rest.append(Span(at, table.start))
        at = table.end
    book.keep_rest(section, node, [*rest, Span(at, node.end)])
    return rows


def _rows_of(book: Book, table: Span, titles: list[str]) -> Iterator[_Row]:
    for index in range(table.start + 2, table.end):
        cells = split_row(book.document.lines[index])
        line = book.document.number(index)
        if not any(cells):
            continue
        if len(cells) != len(titles):
            advice = "give each column one, empty or not; a pipe inside a cell is written \\|"
            message = f"this row has {len(cells)} cells and the table {len(titles)} columns: {advice}"
            book.remarks.add("table-cells", line, message)
        padded = cells + [""] * (len(titles) - len(cells))
        yield _Row(dict(zip(reversed(titles), reversed(padded[: len(titles)]), strict=True)), line)


def split_row(line: str) -> list[str]:
    r"""The cells of a table's row, unescaped (`\|` is a pipe)."""
    cells = [cell.strip().replace("\\|", "|") for cell in _PIPE.split(line.strip())]
    if cells and not cells[0]:
        cells = cells[1:]
    return cells[:-1] if cells and not cells[-1] and line.rstrip().endswith("|") else cells
