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
_BLANK_THEN_END = re.compile(r"\\[ \t]+(?:#[^\n]*)?(?:\n|\Z)")
_BEGINS_ARRAY = re.compile(r"[A-Za-z_]\w*(?:\[[^\]\s]*\])?\+?=")
_COUNTS = re.compile(r"[\w\s$+*/%<>=!&|^~?:,;{}()\[\].#-]*")
_TWO_WORDS = re.compile(r"\w[ \t]+[\w$.]")
_QUOTED = "\0"  # stands for what is not literal in `bare`
_LONGEST_SUM = 300  # characters in which the end of a `((` is looked for
DEEPEST = 10
"""How many substitutions inside each other are read; deeper ones are ignored."""


class Word(Struct, frozen=True):
    """One word or operator of a script.

    `text` is as written, `plain` without its quotes, `bare` only what is neither quoted nor expanded. `line` counts
    from 1. `inside` are the scripts of its command and process substitutions, `expands` its other expansions (`${...}`,
    `$((...))`, `$'...'`), each with the line in which it begins. The end of a line has those of the here-documents that
    begin on the next one.
    """

    text: str
    line: int
    operator: bool = False
    plain: str = ""
    inside: tuple[tuple[str, int], ...] = ()
    expands: tuple[tuple[str, int], ...] = ()
    bare: str = ""

    @property
    def redirects(self) -> bool:
        """Whether the next word is a file, a descriptor or the end of a here-document, not an argument."""
        return self.operator and any(char in self.text for char in "<>")


def words_of(script: str, line: int = 1) -> list[Word]:
    """The words and operators of `script`, in order; the end of a line is the operator `;`. Never raises."""
    return list(_Cutter(script, line).words())


def blanks_after_backslash(script: str, line: int = 1, depth: int = 0) -> Iterator[int]:
    """The lines that end with a backslash and a blank: the next line is then no part of the command. Never raises."""
    if _BLANK_THEN_END.search(script) is None:
        return
    cutter = _Cutter(script, line)
    inside = [one for word in cutter.words() for one in word.inside]
    yield from cutter.blanks
    for text, begun in inside if depth < DEEPEST else ():
        yield from blanks_after_backslash(text, begun, depth + 1)


def documents_of(script: str) -> list[str]:
    """The texts of the here-documents in which the shell expands variables: those whose end word has no quotes."""
    cutter = _Cutter(script, 1)
    for _ in cutter.words():
        pass
    return cutter.documents


def end_of_brackets(script: str, at: int, opening: str, closing: str, depth: int = 1) -> int:
    """The place after the closing bracket, or the end if there is none; brackets in quotes don't count."""
    quote = ""
    while at < len(script) and depth:
        char = script[at]
        if char == "\\":
            at += 1
        elif quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        else:
            depth += (char == opening) - (char == closing)
        at += 1
    return min(at, len(script))


class _Pieces:
    """What a word has been found to hold so far."""

    def __init__(self) -> None:
        self.plain: list[str] = []
        self.bare: list[str] = []
        self.inside: list[tuple[str, int]] = []
        self.expands: list[tuple[str, int]] = []

    def word(self, text: str, line: int, *, operator: bool = False) -> Word:
        """The word that they make."""
        plain, bare = "".join(self.plain), "".join(self.bare)
        return Word(text, line, operator, plain, tuple(self.inside), tuple(self.expands), bare)


class _Cutter:
    """A position in a script that moves forward."""

    def __init__(self, script: str, line: int, *, in_array: bool = False) -> None:
        self._script, self._at, self._line, self._in_array = script, 0, line, in_array
        self._waiting: list[tuple[str, bool]] = []  # here-documents that begin on the next line: end word, expanded
        self.documents: list[str] = []  # the texts of those that are expanded
        self.blanks: list[int] = []  # lines that end with a backslash and a blank

    def words(self) -> Iterator[Word]:
        while self._at < len(self._script):
            if blank := _BLANK.match(self._script, self._at):
                self._move(blank.end())
            elif self._script[self._at] == "\n":
                yield self._end_of_command()
            elif self._script[self._at] == "#":
                self._move(self._end_of_line())
            elif self._script.startswith(("<(", ">("), self._at):
                yield self._bracketed(end_of_brackets(self._script, self._at + 2, "(", ")"), substitutes=True)
            elif end := self._end_of_arithmetic():
                yield self._bracketed(end)
            elif operator := self._operator():
                yield operator
            else:
                yield self._word()

    def _end_of_command(self) -> Word:
        line, pieces = self._line, _Pieces()
        self._move(self._at + 1)
        self._skip_documents(pieces)
        return pieces.word(";", line, operator=True)

    def _bracketed(self, end: int, *, substitutes: bool = False) -> Word:
        """`((...))`, `<(...)` or `>(...)`, up to `end`, as one word."""
        begin, line, pieces = self._at, self._line, _Pieces()
        self._move(end)
        text = self._script[begin:end]
        pieces.plain.append(text)
        if substitutes:
            pieces.inside.append((text[2:].removesuffix(")"), line))
        return pieces.word(text, line)

    def _end_of_arithmetic(self) -> int:
        """The end of a `((...))` here; 0 if this is none but brackets in brackets, as in `((a; b) | c)`."""
        if not self._script.startswith("((", self._at):
            return 0
        within = _COUNTS.match(self._script, self._at + 2, self._at + 2 + _LONGEST_SUM)
        end = self._script.find("))", self._at + 2, within.end() if within else 0)
        return 0 if end < 0 or _TWO_WORDS.search(self._script, self._at + 2, end) else end + 2

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
            word = next(group for group in end.groups() if group is not None)
            self._waiting.append((word.replace("\\", ""), end[3] == word and "\\" not in word))

    def _skip_documents(self, pieces: _Pieces) -> None:
        for end_word, expanded in self._waiting:
            begin = end = self._at
            while self._at < len(self._script):
                stop = self._end_of_line()
                last = self._script[self._at : stop].strip() == end_word
                end = self._at if last else stop
                while expanded and not last and self._at < stop:
                    self._piece_of_document(pieces, stop)
                self._move(min(max(stop, self._at) + 1, len(self._script)))
                if last:
                    break
            if expanded:
                self.documents.append(self._script[begin:end])
        self._waiting.clear()

    def _piece_of_document(self, pieces: _Pieces, stop: int) -> None:
        """Moves past one piece of a line that ends at `stop`, in which only expansions mean something."""
        char = self._script[self._at]
        if char == "\\":
            self._move(min(self._at + 2, stop))
        elif char in "$`":
            self._expansion(pieces, quoted=True)
        else:
            self._move(self._at + 1)

    def _word(self) -> Word:
        start, line, pieces = self._at, self._line, _Pieces()
        while self._at < len(self._script) and self._script[self._at] not in " \t\n;&|()<>":
            self._piece(pieces)
        opens = self._script.startswith("(", self._at) and not self._in_array
        if opens and _BEGINS_ARRAY.fullmatch(self._script, start, self._at):
            self._array(pieces)
        return pieces.word(self._script[start : self._at], line)

    def _array(self, pieces: _Pieces) -> None:
        begin, line = self._at, self._line
        self._move(end_of_brackets(self._script, begin + 1, "(", ")"))
        for word in _Cutter(self._script[begin + 1 : self._at].removesuffix(")"), line, in_array=True).words():
            pieces.inside += word.inside
            pieces.expands += word.expands

    def _piece(self, pieces: _Pieces) -> None:
        """Moves past one piece of a word: quoted, expanded, escaped or plain."""
        char = self._script[self._at]
        begin = self._at
        if match := _PLAIN.match(self._script, begin):
            self._move(match.end())
            pieces.plain.append(match[0])
            pieces.bare.append(match[0])
            return
        pieces.bare.append(_QUOTED)
        if char == "'":
            end = self._script.find("'", self._at + 1)
            self._move(len(self._script) if end < 0 else end + 1)
            pieces.plain.append(self._script[begin + 1 : self._at].removesuffix("'"))
        elif char == '"':
            self._double_quoted(pieces)
        elif char == "\\":
            if _BLANK_THEN_END.match(self._script, begin):
                self.blanks.append(self._line)
            self._move(min(self._at + 2, len(self._script)))
            pieces.plain.append(self._script[begin + 1 : self._at].replace("\n", ""))
        else:
            self._expansion(pieces)
            pieces.plain.append(self._script[begin : self._at])

    def _double_quoted(self, pieces: _Pieces) -> None:
        self._move(self._at + 1)
        while self._at < len(self._script) and self._script[self._at] != '"':
            begin = self._at
            if self._script[self._at] == "\\":
                self._move(min(self._at + 2, len(self._script)))
            elif self._script[self._at] in "$`":
                self._expansion(pieces, quoted=True)
            else:
                self._move(self._at + 1)
            pieces.plain.append(self._script[begin : self._at])
        self._move(min(self._at + 1, len(self._script)))

    def _expansion(self, pieces: _Pieces, *, quoted: bool = False) -> None:
        """Moves past `$NAME`, `${...}`, `$((...))`, `$(...)` or a command in backticks, and notes what is in it."""
        begin, line, script = self._at, self._line, self._script
        after = script[begin + 1 : begin + 2]
        if script.startswith("$((", begin):
            self._move(end_of_brackets(script, begin + 3, "(", ")", depth=2))
        elif script.startswith("$(", begin):
            self._move(end_of_brackets(script, begin + 2, "(", ")"))
            pieces.inside.append((script[begin + 2 : self._at].removesuffix(")"), line))
            return
        elif script.startswith("${", begin):
            self._move(end_of_brackets(script, begin + 2, "{", "}"))
        elif script[begin] == "`":
            end = script.find("`", begin + 1)
            self._move(len(script) if end < 0 else end + 1)
            pieces.inside.append((script[begin + 1 : self._at].removesuffix("`"), line))
            return
        elif after == "'" and not quoted:
            self._move(self._end_of_escapes(begin + 2))
        else:
            self._move(begin + 1)
            if after != '"' or quoted:
                return
        pieces.expands.append((script[begin : max(self._at, begin + 2)], line))

    def _end_of_escapes(self, at: int) -> int:
        """The place after the quote that ends `$'...'`, or the end if there is none."""
        while at < len(self._script) and self._script[at] != "'":
            at += 2 if self._script[at] == "\\" else 1
        return min(at + 1, len(self._script))

    def _end_of_line(self) -> int:
        end = self._script.find("\n", self._at)
        return len(self._script) if end < 0 else end

    def _move(self, to: int) -> None:
        self._line += self._script.count("\n", self._at, to)
        self._at = to
