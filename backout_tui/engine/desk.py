"""The desk: the real things that one process works with, chosen once by the command line (or by a test)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from backout_tui.domain.events import Actor
from backout_tui.settings import Settings
from backout_tui.store.clock import Clock, SystemClock

if TYPE_CHECKING:  # all opened on demand: most commands need the reader alone, and what writes costs half a second
    from backout_tui.engine.secrets import Secrets
    from backout_tui.store.journal import Journal
    from backout_tui.store.reading import Reader


@dataclass
class Desk:
    """Who works on which database, with which settings. Used from one thread.

    `environment` is what commands get; `whole_environment` is the process's own, in which passwords are looked for.
    """

    database: Path
    actor: Actor
    settings: Settings
    environment: Mapping[str, str]
    cwd: Path
    tool: str
    clock: Clock = field(default_factory=SystemClock)
    whole_environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    distrusted: str = field(default="", init=False)  # what is wrong with the log: from then on it is only read
    pictured: set[str] = field(default_factory=set, repr=False, init=False)  # logs whose picture is known to be ours
    rehearsals: tuple[int, Mapping[int, Sequence[tuple[int, int]]]] | None = field(default=None, repr=False, init=False)
    _reader: Reader | None = field(default=None, repr=False, init=False)
    _journal: Journal | None = field(default=None, repr=False, init=False)
    _secrets: Secrets | None = field(default=None, repr=False, init=False)

    @property
    def reader(self) -> Reader:
        """What reads the database. Raises BackoutError when there is none, or it cannot be read."""
        if self._reader is None:
            from backout_tui.store.reading import Reader

            self._reader = Reader.open(self.database)
        return self._reader

    def journal(self) -> Journal:
        """What writes the database; makes it when there is none. Raises BackoutError."""
        if self._journal is None:
            from backout_tui.store.journal import Journal

            self._journal = Journal.open(self.database, clock=self.clock, tool=self.tool)
        return self._journal

    @property
    def secrets(self) -> Secrets:
        """The secret values of this process."""
        if self._secrets is None:
            from backout_tui.engine.secrets import Secrets

            self._secrets = Secrets(self.settings, self.whole_environment)
        return self._secrets

    @property
    def exists(self) -> bool:
        """Whether there is a database yet. What cannot be looked at counts as one: reading it says what is wrong."""
        try:
            self.database.lstat()
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError:
            return True
        return True

    def close(self) -> None:
        """Let go of the database."""
        if self._reader is not None:
            self._reader.close()
        if self._journal is not None:
            self._journal.close()
        self._reader = self._journal = None
