"""What is said about a plan's text: remarks of the reader, and silences in the text itself."""

from __future__ import annotations

from msgspec import Struct

from backout_tui.domain.values import Placed


class Remark(Struct, frozen=True):
    """Something in the document that a person should know: `rule` is a short fixed name, `line` is 1-based.

    `about` is the text it is about, as written: a placeholder, a key, a number; "" if it is about the whole line.
    """

    rule: str
    line: int
    message: str
    about: str = ""


class Silence(Placed, frozen=True):
    """A comment of the plan that silences `rule` at `item`, and why.

    `item` is None if the comment names none: then it means the item that contains the comment.
    """

    rule: str
    item: str | None
    reason: str
    line: int = 0
