"""The reader's remarks about a document, collected while it reads."""

from __future__ import annotations

from backout_tui.domain.plan.remarks import Remark


class Remarks:
    """A growing list of remarks; `where` is the file's name, for sentences that point at another of its lines."""

    def __init__(self, where: str = "") -> None:
        self._where = where
        self._found: list[Remark] = []

    def add(self, rule: str, line: int, message: str, about: str = "") -> None:
        """Notes that `rule` was met in `line` (1-based); `about` is the text it is about, as written."""
        self._found.append(Remark(rule, line, message, about))

    def place(self, line: int) -> str:
        """Another line, as a sentence refers to it."""
        return f"{self._where}:{line}" if self._where else f"line {line}"

    def in_order(self) -> tuple[Remark, ...]:
        """All remarks, by line."""
        return tuple(sorted(self._found, key=lambda remark: remark.line))
