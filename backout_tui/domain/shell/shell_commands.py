"""The simple commands of a shell script: what each runs, what joins it to the next, and its keywords."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from backout_tui.domain.shell.words import DEEPEST, Word, words_of

_OPENING = frozenset({"if", "then", "elif", "else", "while", "until", "do", "{", "!", "time"})
_HEADS = frozenset({"for", "select", "case", "function"})
_CLOSING = frozenset({"fi", "done", "esac", "}"})
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*(?:\[[^\]]*\])?\+?=")
RUNNERS = frozenset({"sudo", "doas", "env", "exec", "nohup", "nice", "ionice", "time", "command", "stdbuf", "setsid"})
"""Programs that run the command after them."""
_WITH_VALUE = {
    "sudo": "ughpCrtDRTU", "doas": "uC", "env": "uCS", "exec": "a", "nice": "n", "ionice": "cn", "time": "fo",
    "stdbuf": "ioe",
}  # fmt: skip


class Command(Struct, frozen=True):
    """One simple command.

    `words` are its own words without keywords and redirections; `keywords` came before them (`if`, `do`, `!`, ...);
    `after` is the operator after it (`;`, `&`, `&&`, `||`, `|`, `(`, `)`, "" at the end). `redirections` are its
    operators with what each is followed by.
    """

    words: tuple[Word, ...]
    keywords: tuple[str, ...]
    after: str
    line: int
    redirections: tuple[tuple[str, Word], ...] = ()

    @property
    def is_fed(self) -> bool:
        """Whether its standard input comes from a file, a here-document or another descriptor."""
        return any(operator.startswith(("<", "0<")) for operator, _ in self.redirections)

    @property
    def head(self) -> str:
        """The keyword that makes its other keywords mere words: `for`, `case`, `function`, ...; "" if there is none."""
        return next((word for word in self.keywords if word in _HEADS), "")

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
    in_test = False
    for word in words_of(script, line):
        in_test = word.text not in ("]]", ";") and (in_test or (word.text == "[[" and _begins(current)))
        if word.operator and not word.redirects and not in_test:
            _add(found, current, word)
            current = []
        else:
            current.append(word)
    _add(found, current, None)
    return found


def _begins(words: Sequence[Word]) -> bool:
    """Whether the next word is a program or a keyword."""
    return all(word.text in _OPENING for word in words)


def run_by(arguments: Sequence[Word]) -> tuple[Word, ...]:
    """The command that really runs, without `sudo`, `env`, `nohup` and the like, their options and assignments."""
    words = list(arguments)
    while words and words[0].plain in RUNNERS:
        with_value = [f"-{letter}" for letter in _WITH_VALUE.get(words.pop(0).plain, "")]
        while words and (words[0].plain.startswith("-") or _ASSIGNMENT.match(words[0].text)):
            option = words.pop(0).plain
            if option in with_value and words:
                words.pop(0)
    return tuple(words)


def deeply(script: str, line: int = 1, depth: int = 0) -> Iterator[Command]:
    """The simple commands of `script`, including those of its command substitutions."""
    for command in commands_of(script, line):
        yield command
        for word in (*command.words, *(target for _, target in command.redirections)):
            for inner, at in word.inside if depth < DEEPEST else ():
                yield from deeply(inner, at, depth + 1)


def without_patterns(commands: Sequence[Command]) -> list[Command]:
    """The commands without the patterns of `case`, which look like commands to the parser."""
    kept: list[Command] = []
    chain: list[Command] = []
    depth = 0
    for command in commands:
        depth += ("case" in command.keywords) - ("esac" in command.keywords)
        chain.append(command)
        if command.after != "|":
            kept += [] if depth and command.after == ")" else chain
            chain = []
    return kept + chain


def _add(found: list[Command], words: list[Word], operator: Word | None) -> None:
    after = operator.text if operator else ""
    own, redirections = _apart(words)
    keywords: list[str] = []
    while own and own[0].text in _OPENING:
        keywords.append(own.pop(0).text)
    if own and own[0].text in _HEADS | _CLOSING:
        keywords.append(own[0].text)
        own = own[1:] if own[0].text in _HEADS else []
        found.append(Command((), (*keywords, *(word.text for word in own)), after, words[0].line, redirections))
        return
    if own or keywords or redirections:
        found.append(Command(tuple(own), tuple(keywords), after, words[0].line, redirections))
    elif operator and (after == "(" or (found and after != ";")):
        found.append(Command((), (), after, operator.line))


def _apart(words: list[Word]) -> tuple[list[Word], tuple[tuple[str, Word], ...]]:
    """The words that are its own, and its redirections."""
    own: list[Word] = []
    redirections: list[tuple[str, Word]] = []
    operator = ""
    for word in words:
        if word.redirects:
            operator = word.text
        elif operator:
            redirections.append((operator, word))
            operator = ""
        else:
            own.append(word)
    return own, tuple(redirections)
