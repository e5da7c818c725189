"""What is said about a plan's text: by its reader, and by the text of itself."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about the document that a person should know: `rule` is a short fixed name, `line` is 1-based.

    `about` is what it is about, as written: a placeholder, a key, a number; "" when the line says it all.
    """

    rule: str
    line: int
    message: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Silence:
    """A comment of the plan that asks not to be told of `rule` at `item`, and why.

    `item` is None where the comment names none: then it is the item whose lines hold it.
    """

    rule: str
    item: str | None
    reason: str
    line: int = field(default=0, compare=False)
