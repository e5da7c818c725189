"""One table of a TOML file, taken key by key: wrong types, wrong values and unknown keys are said with their line."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from backout_tui.domain.text import clean_line
from backout_tui.errors import BackoutError

_HEADER = re.compile(r"\[\s*(?P<name>[^\[\]]+?)\s*\]")


class Table:
    """The keys of one table; `name` is "" for the top of the file. Call `finish` when all known keys were taken."""

    def __init__(self, path: Path, text: str, data: dict[str, Any], name: str = "") -> None:
        """Look at `data`, the parsed table, beside the file's whole `text`, from which lines are told."""
        self._path, self._text, self._data, self._name = path, text, data, name
        self._known: list[str] = []

    def text(self, key: str, default: str = "") -> str:
        """The single line of text under `key`."""
        value = self._take(key, str, default, "text in quotes")
        if clean_line(value) != value:
            raise self.wrong(key, "holds a line break or a control character")
        return str(value)

    def number(self, key: str, default: int, low: int, high: int) -> int:
        """The whole number under `key`, between `low` and `high`."""
        value = self._take(key, int, default, "a whole number")
        if not low <= value <= high:
            raise self.wrong(key, f"is {value}, and must be between {low} and {high}")
        return int(value)

    def choice(self, key: str, allowed: tuple[str, ...]) -> str:
        """The word under `key`, one of `allowed`; the first of them when it is not given."""
        value = self.text(key, allowed[0])
        if value not in allowed:
            raise self.wrong(key, f'is "{value}", and must be one of {", ".join(allowed)}')
        return value

    def words(self, key: str, what: str) -> tuple[str, ...]:
        """The list of texts under `key`, each not blank; `what` says what it is for, such as `a list of logins`."""
        values = self._take(key, list, [], what)
        if any(not isinstance(value, str) or not value.strip() for value in values):
            raise self.wrong(key, f"must be {what}, each in quotes and not blank")
        return tuple(values)

    def table(self, key: str) -> Table:
        """The table `[key]` below this one, empty when the file does not have it."""
        return Table(self._path, self._text, self._take(key, dict, {}, f"a table, [{key}]"), key)

    def finish(self) -> None:
        """Raise BackoutError for the first key that nobody asked for."""
        for key in self._data:
            if key not in self._known:
                raise self._unknown(key)

    def wrong(self, key: str, what: str, todo: str = "") -> BackoutError:
        """The error to raise about `key`; its value is repeated only where the caller does so in `what`."""
        return BackoutError(f"{self._called(key)} {what}", where=f"{self._path}{self._line(key)}", todo=todo)

    def _take(self, key: str, kind: type, default: Any, what: str) -> Any:
        self._known.append(key)
        value = self._data.get(key, default)
        if type(value) is not kind:
            raise self.wrong(key, f"must be {what}")
        return value

    def _unknown(self, key: str) -> BackoutError:
        import difflib

        near = difflib.get_close_matches(key, self._known, n=1)
        hint = f"Did you mean {near[0]}?" if near else f"Known here: {', '.join(self._known)}."
        return self.wrong(key, "is not a setting", hint)

    def _called(self, key: str) -> str:
        shown = clean_line(key)
        return f"{shown} in [{self._name}]" if self._name else shown

    def _line(self, key: str) -> str:
        """`:N` for the line where `key` stands, "" when it cannot be told (inline tables, dotted keys)."""
        sought, current = re.compile(rf"""["']?{re.escape(key)}["']?\s*="""), ""
        for number, line in enumerate(self._text.splitlines(), 1):
            stripped = line.strip()
            if header := _HEADER.match(stripped):
                current = header["name"]
                if current == key and not self._name:
                    return f":{number}"
            elif current == self._name and sought.match(stripped):
                return f":{number}"
        return ""
