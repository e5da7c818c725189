"""The simple commands of a shell script: what each runs, what joins it to the next, and its keywords."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from backout_tui.domain.shell.words import Word, words_of

_OPENING = frozenset({"if", "then", "elif", "else", "while", "until", "do", "{", "!", "time"})
_HEADS = frozenset({"for", "select", "case", "function"})
_CLOSING = frozenset({"fi", "done", "esac", "}"})
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*(?:\[[^\]]*\])?\+?=")
_RUNNERS = frozenset({"sudo", "doas", "env", "exec", "nohup", "nice", "ionice", "time", "command", "stdbuf", "setsid"})
_OPTION_WITH_VALUE = frozenset({"-u", "-g", "-n", "-c", "-C", "-S"})


class Command(Struct, frozen=True):
    """One simple command.

    `words` are its own words without keywords and redirections; `keywords` came before them (`if`, `do`, `!`, ...);
    `after` is the operator after it (`;`, `&`, `&&`, `||`, `|`, `(`, `)`, "" at the end).
    """

    words: tuple[Word, ...]
    keywords: tuple[str, ...]
    after: str
    line: int

    @property
    def arguments(self) -> tuple[Word, ...]:
        """Its words from the program on, without the assignments before it."""
        at = next((at for at, word in enumerate(self.words) if not _ASSIGNMENT.match(word.text)), len(self.words))
        return self.words[at:]

    @property
    def assigned(self) -> tuple[str, ...]:
        """The names that it assigns before its program."""
        count = len(self.words) - len(self.arguments)
        return tuple(re.split(r"[\[+=]", word.text, maxsplit=1)[0] for word in self.words[:count])

    @property
    def program(self) -> str:
        """The program it runs, as written without quotes; "" if it has only assignments or keywords."""
        return self.arguments[0].plain if self.arguments else ""


def commands_of(script: str, line: int = 1) -> list[Command]:
    """The simple commands of `script`, in order, without those of its substitutions. Never raises."""
    found: list[Command] = []
    current: list[Word] = []
    for word in words_of(script, line):
        if word.operator and not word.redirects:
            _add(found, current, word)
            current = []
        else:
            current.append(word)
    _add(found, current, None)
    return found


def run_by(arguments: Sequence[Word]) -> tuple[Word, ...]:
    """The command that really runs, without `sudo`, `env`, `nohup` and the like, their options and assignments."""
    words = list(arguments)
    while words and words[0].plain in _RUNNERS:
        words.pop(0)
        while words and (words[0].plain.startswith("-") or _ASSIGNMENT.match(words[0].text)):
            option = words.pop(0).plain
            if option in _OPTION_WITH_VALUE and words:
                words.pop(0)
    return tuple(words)


def deeply(script: str, line: int = 1, depth: int = 0) -> Iterator[Command]:
    """The simple commands of `script`, including those of its command substitutions."""
    for command in commands_of(script, line):
        yield command
        for word in command.words:
            for inner, at in word.inside if depth < _DEEPEST else ():
                yield from deeply(inner, at, depth + 1)


_DEEPEST = 10  # nested substitutions: deeper ones are ignored


def _add(found: list[Command], words: list[Word], operator: Word | None) -> None:
    after = operator.text if operator else ""
    own = _without_redirections(words)
    keywords: list[str] = []
    while own and own[0].text in _OPENING:
        keywords.append(own.pop(0).text)
    if own and own[0].text in _HEADS | _CLOSING:
        keywords.append(own[0].text)
        own = own[1:] if own[0].text in _HEADS else []
        found.append(Command((), (*keywords, *(word.text for word in own)), after, words[0].line))
        return
    if own or keywords:
        found.append(Command(tuple(own), tuple(keywords), after, words[0].line))
    elif found and operator and after != ";":
        found.append(Command((), (), after, operator.line))


def _without_redirections(words: list[Word]) -> list[Word]:
    own: list[Word] = []
    skip = False
    for word in words:
        if not skip and not word.redirects:
            own.append(word)
        skip = word.redirects
    return own
