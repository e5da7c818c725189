"""One table of a TOML file, read key by key; errors about types, values and unknown keys name their line."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from backout_tui.domain.text import clean_line
from backout_tui.errors import BackoutError

_HEADER = re.compile(r"""\[{1,2}\s*(?:"(?P<basic>[^"]*)"|'(?P<literal>[^']*)'|(?P<bare>[^\[\]"']+?))\s*\]""")


def read_table(path: Path, what: str) -> Table | None:
    """Return the top table of the TOML file `path`, or None when there is no such file.

    `what` says in the plural what the file holds, for errors. Raises BackoutError for a file that cannot be read or is
    not TOML, with the line if it is known.
    """
    text = _read(path, what)
    return None if text is None else Table(path, text, _parse(path, text))


def _read(path: Path, what: str) -> str | None:
    try:
        return path.read_text(encoding="utf-8-sig")  # some editors write a byte order mark first
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise BackoutError(f"{what} cannot be read: {error.strerror}", where=str(path)) from error
    except UnicodeDecodeError as error:
        raise BackoutError(f"{what} are not UTF-8 text", where=str(path)) from error
    except ValueError as error:
        raise BackoutError(f"{what} cannot be read: no path can hold such a character", where=str(path)) from error


def _parse(path: Path, text: str) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        words, _, place = str(error).partition(" (at line ")
        line = re.match(r"\d+", place)
        where = f"{path}:{line[0] if line else len(text.splitlines()) or 1}"
        raise BackoutError(f"this is not TOML: {words}", where=where) from error
    except RecursionError as error:
        raise BackoutError("lists are nested too deeply here", where=str(path)) from error


class Table:
    """The keys of one table; `name` is "" for the top of the file. Call `finish` after reading all known keys."""

    def __init__(self, path: Path, text: str, data: dict[str, Any], name: str = "", place: int = 1) -> None:
        """Wrap `data`, the parsed table; `text` is the whole file and is used to find line numbers.

        `place` counts, from 1, the tables with the same name: `[[name]]`.
        """
        self._path, self._text, self._data, self._name, self._place = path, text, data, name, place
        self._known: list[str] = []

    @property
    def name(self) -> str:
        """The name between the brackets of the table's heading."""
        return self._name

    def text(self, key: str, default: str = "") -> str:
        """Return the single line of text under `key`."""
        value = self._take(key, str, default, "text in quotes")
        if clean_line(value) != value:
            raise self.wrong(key, "holds a line break or a control character")
        return str(value)

    def number(self, key: str, default: int, low: int, high: int) -> int:
        """Return the whole number under `key`, between `low` and `high`."""
        value = self._take(key, int, default, "a whole number")
        if not low <= value <= high:
            raise self.wrong(key, f"is {value}, and must be between {low} and {high}")
        return int(value)

    def choice(self, key: str, allowed: tuple[str, ...]) -> str:
        """Return the word under `key`, one of `allowed`; the first of them when the key is missing."""
        value = self.text(key, allowed[0])
        if value not in allowed:
            raise self.wrong(key, f'is "{value}", and must be one of {", ".join(allowed)}')
        return value

    def words(self, key: str, what: str) -> tuple[str, ...]:
        """Return the list of texts under `key`, none of them blank; `what` names them, as `a list of logins`."""
        values = self._take(key, list, [], what)
        if any(not isinstance(value, str) or not value.strip() for value in values):
            raise self.wrong(key, f"must be {what}, each in quotes and not blank")
        return tuple(values)

    def table(self, key: str) -> Table:
        """Return the table `[key]` below this one; it is empty when the file doesn't have it."""
        return Table(self._path, self._text, self._take(key, dict, {}, f"a table, [{key}]"), key)

    def names(self, key: str, what: str) -> tuple[str, ...]:
        """Return the short texts under `key`: a list, or one text with commas; `what` names them in errors."""
        if type(self._data.get(key)) is str:
            return tuple(one.strip() for one in self.text(key).split(",") if one.strip())
        values = self.words(key, what)
        if any(clean_line(value) != value for value in values):
            raise self.wrong(key, "holds a line break or a control character")
        return tuple(value.strip() for value in values)

    def tables(self, what: str) -> tuple[Table, ...]:
        """Return every table below this one in order: `[key]`, and each `[[key]]`.

        Raises BackoutError for any other key; `what` names what it has to be.
        """
        found = []
        for key, value in self._data.items():
            inner = value if isinstance(value, list) and value else [value]
            if not all(isinstance(one, dict) for one in inner):
                raise self.wrong(key, f"must be {what}")
            found += [Table(self._path, self._text, one, key, at) for at, one in enumerate(inner, 1)]
        return tuple(found)

    def finish(self, kind: str = "a setting") -> None:
        """Raise BackoutError for the first key that was never read and is therefore no `kind`."""
        for key in self._data:
            if key not in self._known:
                raise self._unknown(key, kind)

    def wrong(self, key: str, what: str, todo: str = "") -> BackoutError:
        """Return the error to raise about `key`; it shows the key's value only if the caller puts it into `what`."""
        return BackoutError(f"{self._called(key)} {what}", where=f"{self._path}{self._line(key)}", todo=todo)

    def _take(self, key: str, kind: type, default: Any, what: str) -> Any:
        self._known.append(key)
        value = self._data.get(key, default)
        if type(value) is not kind:
            raise self.wrong(key, f"must be {what}")
        return value

    def _unknown(self, key: str, kind: str) -> BackoutError:
        import difflib

        near = difflib.get_close_matches(key, self._known, n=1)
        known = f"Known here: {', '.join(self._known)}." if self._known else ""
        return self.wrong(key, f"is not {kind}", f"Did you mean {near[0]}?" if near else known)

    def _called(self, key: str) -> str:
        shown = clean_line(key)
        return f"{shown} in [{clean_line(self._name)}]" if self._name else shown

    def _line(self, key: str) -> str:
        """Return `:N` for the line of `key`, or else of its table's heading; "" for inline tables and dotted keys."""
        sought = re.compile(rf"""["']?{re.escape(key)}["']?\s*=""")
        current, places, heading = "", 0, ""
        for number, line in enumerate(self._text.splitlines(), 1):
            stripped = line.strip()
            if header := _HEADER.match(stripped):
                current = next(name for name in header.groups() if name is not None)
                if not self._name and current == key:
                    return f":{number}"
                if current == self._name:
                    places += 1
                    heading = f":{number}" if places == self._place else heading
            elif current == self._name and places in (0, self._place) and sought.match(stripped):
                return f":{number}"
        return heading
