"""Follows each action until it is recorded: since when it waits, on whom, and what was typed for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime

Answers = dict[str, str]


@dataclass
class Fate:
    """One action under way: what was typed for it, by the dialogs' titles, and whether something in it failed."""

    typed: dict[str, Answers] = field(default_factory=dict)
    missed: bool = False


_NOW: ContextVar[Fate | None] = ContextVar("fate", default=None)
"""The action that the running task belongs to, so that one action's failure never counts for another."""


def _nowhere(_: Mapping[str, Answers]) -> None:
    """Keep what was typed in memory alone."""


class Memory:
    """Keeps what was typed and not recorded, so that the same dialog brings it back; it also knows what waits.

    A dialog that was left, an action that failed, a terminal that was lost: all are kept, until the same is recorded.
    """

    def __init__(
        self, kept: Mapping[str, Answers] | None = None, keep: Callable[[Mapping[str, Answers]], None] = _nowhere
    ) -> None:
        """Begin with what was `kept` before; `keep` is told all of it whenever it changes."""
        self._kept: dict[str, Answers] = dict(kept or {})
        self._under_way: dict[str, Answers] = {}
        self._open: dict[str, Answers] = {}
        self._keep, self._told = keep, dict(self._kept)
        self._waits: list[datetime] = []

    @contextmanager
    def action(self, title: str = "", typed: Answers | None = None) -> Iterator[None]:
        """Wrap an action that starts with what was `typed`; it is kept unless everything in it succeeds."""
        fate = Fate()
        token = _NOW.set(fate)
        self.note(title, typed)
        try:
            yield
        except BaseException:
            fate.missed = True
            raise
        finally:
            _NOW.reset(token)
            for one, answers in fate.typed.items():
                self._under_way.pop(one, None)
                if fate.missed:
                    self.keep(one, answers)
            self._tell()

    def note(self, title: str, typed: Answers | None) -> None:
        """Note what was typed for the running action, into the dialog of this title; None when that was left."""
        fate = _NOW.get()
        if fate is not None and typed is None:
            fate.missed = bool(title) or fate.missed
        elif fate is not None and typed:
            fate.typed[title] = self._under_way[title] = typed
        self._kept.pop(title, None)
        self._tell()

    def recorded(self) -> None:
        """Note that all that was typed for the running action so far is recorded."""
        fate = _NOW.get()
        for one in list(fate.typed) if fate is not None else ():
            self._under_way.pop(one, None)
        if fate is not None:
            fate.typed.clear()

    def keep(self, title: str, typed: Answers) -> None:
        """Keep what was typed into a dialog that was left; nothing typed forgets what was kept before."""
        self._open.pop(title, None)
        self._kept.pop(title, None)
        if typed:
            self._kept[title] = typed
        self._tell()

    def see(self, title: str, typed: Answers) -> None:
        """Note what stands in a dialog that is still open: the terminal may be lost."""
        self._open[title] = typed
        self._tell()

    def answered(self, title: str) -> None:
        """Note that the dialog was answered: what was typed belongs to its action now."""
        self._open.pop(title, None)

    def kept(self, title: str) -> Mapping[str, str]:
        """What was typed under this title and not recorded; empty if it was recorded."""
        return self._kept.get(title, {})

    def _tell(self) -> None:
        everything = self._kept | self._under_way | self._open
        everything = {title: typed for title, typed in everything.items() if typed}
        if everything != self._told:
            self._told = everything
            self._keep(everything)

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Wrap one call of an action: it counts as waiting, and an exception counts as this action's failure."""
        since, fate = datetime.now().astimezone(), _NOW.get()
        self._waits.append(since)
        try:
            yield
        except BaseException:
            if fate is not None:
                fate.missed = True
            raise
        finally:
            self._waits.remove(since)

    @property
    def has_failed(self) -> bool:
        """Whether something in the running action failed."""
        fate = _NOW.get()
        return fate is not None and fate.missed

    @property
    def titles(self) -> tuple[str, ...]:
        """The dialogs of the running action in which something was typed."""
        fate = _NOW.get()
        return tuple(title for title in fate.typed if title) if fate is not None else ()

    @property
    def waits(self) -> bool:
        """Whether something that was asked for has neither been done nor failed."""
        return bool(self._waits)

    def waiting_words(self, held_by: str) -> str:
        """Say since when the oldest call waits, and on whom; `held_by` has the database, "" if nobody is known to."""
        since = f"{min(self._waits):%H:%M:%S}"
        many = f" {len(self._waits)} things wait." if len(self._waits) > 1 else ""
        whom = f"another program that holds the database ({held_by})" if held_by else "the database or its disk"
        return f"Waiting since {since} for {whom}.{many} You are told what becomes of it."
