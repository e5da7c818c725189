"""The section `Variables`: bullets `NAME: value`, with a flag if the value comes from elsewhere."""

from __future__ import annotations

import re

from backout_tui.domain.plan.plan import Variable
from backout_tui.planfile.document import Span, within
from backout_tui.planfile.reading.book import Book
from backout_tui.planfile.reading.outline import Node

_BULLET = re.compile(r"^ {0,3}[-*+][ \t]+(\S.*)$")
_VARIABLE = re.compile(r"^(`|\*\*)?\$?([A-Za-z_][A-Za-z0-9_]*)(?(1)\1)\s*(?::\s*(.*)|(\(.*\)))?$")
_FLAG = re.compile(
    r"(?:^|\s)\(\s*(secret|asked\s+at\s+start|asked\s+when\s+needed|captured\s+by\s+(?:step\s+)?([^()\s]+))\s*\)$",
    re.IGNORECASE,
)
_RIGHT_FORM = "a variable is `- NAME: value`, or `- NAME (secret)`, `(asked at start)`, `(asked when needed)`"


def read_variables(book: Book, node: Node) -> None:
    """Reads the variables below `node` into `book`; whatever is not a variable is kept as text."""
    rest, at = [], node.body.start
    fences = within(book.document.fences, node.body.start, node.body.end)
    text_lines = book.document.hidden.union(*(range(fence.start, fence.end) for fence in fences))
    for index in range(node.body.start, node.body.end):
        bullet = _BULLET.match(book.document.lines[index])
        if bullet is None or index in text_lines:
            continue
        variable = _read_variable(book, bullet[1].strip(), book.document.number(index))
        if variable is not None:
            book.variables.append(variable)
            rest.append(Span(at, index))
            at = index + 1
    book.keep_rest("variables", node, [*rest, Span(at, node.end)])


def _read_variable(book: Book, text: str, line: int) -> Variable | None:
    match = _VARIABLE.match(text)
    if match is None or (match[4] and not _FLAG.search(match[4])):
        book.remarks.add("variable-form", line, f"this is not a variable: {_RIGHT_FORM}", text)
        return None
    name, value = match[2], (match[3] or match[4] or "").strip()
    flag = ""
    if found := _FLAG.search(value):
        flag = f"captured by {found[2]}" if found[2] else " ".join(found[1].lower().split())
        value = value[: found.start()].strip()
    if flag == "secret" and value:
        message = f"the value of a secret must not stand in the plan: take it out, and change it; `- {name} (secret)`"
        book.remarks.add("secret-value", line, message, name)
        value = ""
    return Variable(name, value, flag, line)
