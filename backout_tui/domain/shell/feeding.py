"""Which commands of a script get their input from a pipe, a file or a here-document, and which get none."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from backout_tui.domain.shell.shell_commands import Command

_OPENING = frozenset({"if", "while", "until", "for", "select", "case", "{", "("})
_CLOSING = frozenset({"fi", "done", "esac", "}"})
_PIPES = frozenset({"|", "|&"})


class _Frame(Struct):
    """An open loop, branch or group: whether something feeds it, and the unfed commands in it so far."""

    opened_by: str
    fed: bool
    function: str = ""
    unfed: list[int] = []


def unfed(commands: Sequence[Command]) -> frozenset[int]:
    """The places of the commands that have no input of their own: they read from what the script itself was given.

    A command in a function counts if the function is called somewhere without input.
    """
    walk = _Walk()
    for at, command in enumerate(commands):
        walk.take(at, command)
    alone = walk.to_the_end()
    called = {commands[at].program for at in alone}
    called |= {commands[at].program for name, within in walk.functions.items() if name in called for at in within}
    return frozenset(alone).union(*(within for name, within in walk.functions.items() if name in called))


class _Walk:
    """A way through the commands of a script, in order."""

    def __init__(self) -> None:
        self.functions: dict[str, list[int]] = {}
        self._frames = [_Frame("", fed=False)]
        self._closed = _Frame("", fed=False)  # the last bracket that was closed
        self._after = ""  # the operator before
        self._defines = ""  # the function whose body begins next

    def take(self, at: int, command: Command) -> None:
        """Go past one command."""
        piped = self._after in _PIPES
        keywords = command.keywords
        for word in keywords[: keywords.index(command.head) + 1] if command.head else keywords:
            self._keyword(word, command, piped=piped)
        if command.head == "function":
            self._defines = keywords[keywords.index("function") + 1 :][0] if keywords[-1] != "function" else ""
            if "{" in keywords:
                self._open("{", piped=False)
        defines = command.after == "(" and len(command.words) == 1
        if command.head == "select" or (command.words and not defines):
            fed = piped or command.is_fed or any(frame.fed for frame in self._frames)
            self._frames[-1].unfed += [] if fed else [at]
            self._frames[0].fed |= command.is_fed and [word.plain for word in command.arguments] == ["exec"]
        elif not keywords and self._after == ")" and command.is_fed:
            self._forget(self._closed)
        self._bracket(command, piped=piped)
        self._after = command.after

    def to_the_end(self) -> list[int]:
        """The unfed commands outside of functions, when everything is closed."""
        while len(self._frames) > 1:
            self._close(self._frames[-1].opened_by, fed=False)
        return self._frames[0].unfed

    def _keyword(self, word: str, command: Command, *, piped: bool) -> None:
        if word in _OPENING:
            self._open(word, piped=piped)
        elif word in _CLOSING:
            opened = {"fi": ("if",), "esac": ("case",), "}": ("{",)}.get(word, ("while", "until", "for", "select"))
            if self._frames[-1].opened_by in opened:
                self._close(self._frames[-1].opened_by, fed=command.is_fed)

    def _bracket(self, command: Command, *, piped: bool) -> None:
        if command.after == "(":
            self._defines = command.program if command.words else self._defines
            self._frames.append(_Frame("(", fed=piped and not command.words))
        elif command.after == ")" and self._frames[-1].opened_by == "(":
            self._close("(", fed=False)

    def _open(self, word: str, *, piped: bool) -> None:
        function, self._defines = self._defines, ""
        self._frames.append(_Frame(word, fed=piped, function=function if word == "{" else ""))

    def _close(self, opened_by: str, *, fed: bool) -> None:
        frame = self._frames.pop()
        assert frame.opened_by == opened_by
        self._closed = frame
        if frame.function:
            self.functions.setdefault(frame.function, []).extend([] if fed else frame.unfed)
        elif not fed:
            self._frames[-1].unfed += frame.unfed

    def _forget(self, closed: _Frame) -> None:
        """Something feeds what was closed: `( ... ) <FILE`."""
        within = frozenset(closed.unfed)
        self._frames[-1].unfed = [at for at in self._frames[-1].unfed if at not in within]
