"""A shell script cut into words and operators, without running any of it: quotes, comments, here-documents.

This is a rule of thumb, not a shell: what it doesn't understand becomes a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

_OPERATORS = re.compile(r"\d*(?:<<<|<<-?|>>|>\||[<>]&|<>|[<>])|&>>|&>|&&|\|\||\|&|;;&?|;&|[;&|()]")
_PLAIN = re.compile(r"[^ \t\n\\'\"`$;&|()<>]+")
_BLANK = re.compile(r"(?:[ \t]|\\\n)+")


class Word(Struct, frozen=True):
    """One word or operator of a script.

    `text` is as written, `plain` without its quotes; `line` counts from 1; `inside` are the scripts of its command
    substitutions, each with the line in which it begins.
    """

    text: str
    line: int
    operator: bool = False
    plain: str = ""
    inside: tuple[tuple[str, int], ...] = ()

    @property
    def redirects(self) -> bool:
        """Whether the next word is a file, a descriptor or the end of a here-document, not an argument."""
        return self.operator and any(char in self.text for char in "<>")


def words_of(script: str, line: int = 1) -> list[Word]:
    """The words and operators of `script`, in order; the end of a line is the operator `;`. Never raises."""
    return list(_Cutter(script, line).words())


class _Cutter:
    """A position in a script that moves forward."""

    def __init__(self, script: str, line: int) -> None:
        self._script, self._at, self._line = script, 0, line
        self._waiting: list[str] = []  # the end words of here-documents that begin on the next line

    def words(self) -> Iterator[Word]:
        while self._at < len(self._script):
            if blank := _BLANK.match(self._script, self._at):
                self._move(blank.end())
            elif self._script[self._at] == "\n":
                yield Word(";", self._line, operator=True)
                self._move(self._at + 1)
                self._skip_documents()
            elif self._script[self._at] == "#":
                self._move(self._end_of_line())
            elif operator := self._operator():
                yield operator
            else:
                yield self._word()

    def _operator(self) -> Word | None:
        match = _OPERATORS.match(self._script, self._at)
        if match is None:
            return None
        word = Word(match[0], self._line, operator=True)
        self._move(match.end())
        if word.text.lstrip("0123456789").rstrip("-") == "<<":
            self._note_document()
        return word

    def _note_document(self) -> None:
        end = re.compile(r"[ \t]*(?:'([^'\n]*)'|\"([^\"\n]*)\"|([^\s;&|<>()]+))").match(self._script, self._at)
        if end:
            self._waiting.append(next(group for group in end.groups() if group is not None).replace("\\", ""))

    def _skip_documents(self) -> None:
        for end_word in self._waiting:
            while self._at < len(self._script):
                stop = self._end_of_line()
                last = self._script[self._at : stop].strip() == end_word
                self._move(min(stop + 1, len(self._script)))
                if last:
                    break
        self._waiting.clear()

    def _word(self) -> Word:
        start, line = self._at, self._line
        plain: list[str] = []
        inside: list[tuple[str, int]] = []
        while self._at < len(self._script) and self._script[self._at] not in " \t\n;&|()<>":
            self._piece(plain, inside)
        return Word(self._script[start : self._at], line, plain="".join(plain), inside=tuple(inside))

    def _piece(self, plain: list[str], inside: list[tuple[str, int]]) -> None:
        """Moves past one piece of a word: quoted, expanded, escaped or plain."""
        char = self._script[self._at]
        begin = self._at
        if char == "'":
            end = self._script.find("'", self._at + 1)
            self._move(len(self._script) if end < 0 else end + 1)
            plain.append(self._script[begin + 1 : self._at].removesuffix("'"))
        elif char == '"':
            self._double_quoted(plain, inside)
        elif char == "\\":
            self._move(min(self._at + 2, len(self._script)))
            plain.append(self._script[begin + 1 : self._at].replace("\n", ""))
        elif char in "$`":
            self._expansion(inside)
            plain.append(self._script[begin : self._at])
        elif match := _PLAIN.match(self._script, self._at):
            self._move(match.end())
            plain.append(match[0])

    def _double_quoted(self, plain: list[str], inside: list[tuple[str, int]]) -> None:
        self._move(self._at + 1)
        while self._at < len(self._script) and self._script[self._at] != '"':
            begin = self._at
            if self._script[self._at] == "\\":
                self._move(min(self._at + 2, len(self._script)))
            elif self._script[self._at] in "$`":
                self._expansion(inside)
            else:
                self._move(self._at + 1)
            plain.append(self._script[begin : self._at])
        self._move(min(self._at + 1, len(self._script)))

    def _expansion(self, inside: list[tuple[str, int]]) -> None:
        """Moves past `$NAME`, `${...}`, `$((...))`, `$(...)` or a command in backticks, and notes the commands."""
        begin, line = self._at, self._line
        if self._script.startswith("$((", begin):
            self._move(self._closing(begin + 3, "(", ")", depth=2))
        elif self._script.startswith("$(", begin):
            self._move(self._closing(begin + 2, "(", ")"))
            inside.append((self._script[begin + 2 : self._at].removesuffix(")"), line))
        elif self._script.startswith("${", begin):
            self._move(self._closing(begin + 2, "{", "}"))
        elif self._script[begin] == "`":
            end = self._script.find("`", begin + 1)
            self._move(len(self._script) if end < 0 else end + 1)
            inside.append((self._script[begin + 1 : self._at].removesuffix("`"), line))
        else:
            self._move(begin + 1)

    def _closing(self, at: int, opening: str, closing: str, depth: int = 1) -> int:
        """The place after the closing bracket, or the end if there is none; brackets in quotes don't count."""
        quote = ""
        while at < len(self._script) and depth:
            char = self._script[at]
            if char == "\\":
                at += 1
            elif quote:
                quote = "" if char == quote else quote
            elif char in "'\"":
                quote = char
            else:
                depth += (char == opening) - (char == closing)
            at += 1
        return min(at, len(self._script))

    def _end_of_line(self) -> int:
        end = self._script.find("\n", self._at)
        return len(self._script) if end < 0 else end

    def _move(self, to: int) -> None:
        self._line += self._script.count("\n", self._at, to)
        self._at = to
