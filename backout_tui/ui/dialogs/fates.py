"""Follows each action until it is recorded: since when it waits, on whom, and what was typed for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Answers = dict[str, str]


@dataclass
class Fate:
    """One action under way: what was typed for it, by the dialogs' titles, and whether something in it failed."""

    typed: dict[str, Answers] = field(default_factory=dict)
    missed: bool = False


_NOW: ContextVar[Fate | None] = ContextVar("fate", default=None)
"""The action that the running task belongs to, so that one action's failure never counts for another."""


class Memory:
    """Keeps what was typed for actions that failed, so that the same key brings it back; it also knows what waits."""

    def __init__(self) -> None:
        """Nothing was typed yet, and nothing waits."""
        self._kept: dict[str, Answers] = {}
        self._waits: list[datetime] = []

    @contextmanager
    def action(self, title: str = "", answers: Any = None) -> Iterator[None]:
        """Wrap an action that starts with these answers; they are kept unless everything in it succeeds."""
        fate = Fate()
        token = _NOW.set(fate)
        self.note(title, answers)
        try:
            yield
        finally:
            _NOW.reset(token)
            for one, typed in fate.typed.items():
                self._kept.pop(one, None)
                if fate.missed:
                    self._kept[one] = typed

    def note(self, title: str, answers: Any) -> None:
        """Note what was answered in the running action."""
        fate = _NOW.get()
        if fate is not None and isinstance(answers, dict):
            fate.typed[title] = answers

    def forget(self, title: str) -> None:
        """Drop what was kept for the dialog that the person left."""
        self._kept.pop(title, None)

    def kept(self, title: str) -> Mapping[str, str]:
        """What was typed under this title and not recorded; empty if it was recorded."""
        return self._kept.get(title, {})

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
    def waits(self) -> bool:
        """Whether something that was asked for has neither been done nor failed."""
        return bool(self._waits)

    def waiting_words(self, held_by: str) -> str:
        """Say since when the oldest call waits, and on whom; `held_by` has the database, "" if nobody is known to."""
        since = f"{min(self._waits):%H:%M:%S}"
        many = f" {len(self._waits)} things wait." if len(self._waits) > 1 else ""
        whom = f"another program that holds the database ({held_by})" if held_by else "the database or its disk"
        return f"Waiting since {since} for {whom}.{many} You are told what becomes of it."
