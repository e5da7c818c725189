"""The desk: the real parts that one process works with, chosen once by the command line or by a test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from backout_tui.domain.backout.events import Actor, Spoken
from backout_tui.domain.backout.whereabouts import Machine
from backout_tui.engine.session.this_machine import machine
from backout_tui.settings import Settings
from backout_tui.store.clock import Clock, SystemClock

if TYPE_CHECKING:  # all opened on demand: most commands only need the reader, and the writer costs half a second
    from backout_tui.engine.session.secret_values import Secrets
    from backout_tui.store.log.journal import Journal
    from backout_tui.store.log.reading import Reader


@dataclass
class Desk:
    """Who works on which database, with which settings. Used from one thread.

    `environment` is what commands get; `whole_environment` is the process's own, in which passwords are looked up.
    """

    database: Path
    actor: Actor
    settings: Settings
    environment: Mapping[str, str]
    cwd: Path
    tool: str
    clock: Clock = field(default_factory=SystemClock)
    machine_id: str | None = None  # the machine's id as the log keeps it; None: it is looked up
    whole_environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    distrusted: str = field(default="", init=False)  # what is wrong with the log: once set, it is only read
    unsound: Mapping[int, str] = field(default_factory=dict, repr=False, init=False)  # what is wrong, by event
    unsound_items: Mapping[Spoken, str] = field(default_factory=dict, repr=False, init=False)  # by what they concern
    pictured: set[str] = field(default_factory=set, repr=False, init=False)  # logs whose picture is known to be ours
    rehearsals: tuple[int, Mapping[int, Sequence[tuple[int, int]]]] | None = field(default=None, repr=False, init=False)
    _reader: Reader | None = field(default=None, repr=False, init=False)
    _journal: Journal | None = field(default=None, repr=False, init=False)
    _secrets: Secrets | None = field(default=None, repr=False, init=False)

    @property
    def here(self) -> Machine:
        """The machine this process runs on."""
        return machine(self.actor.host, self.clock.boot_id(), self.machine_id)

    @property
    def reader(self) -> Reader:
        """The reader of the database. Raises BackoutError when there is no database, or it cannot be read."""
        if self._reader is None:
            from backout_tui.store.log.reading import Reader

            self._reader = Reader.open(self.database)
        return self._reader

    def journal(self, *, adopting: bool = False) -> Journal:
        """The writer of the database, which it creates if needed. Raises BackoutError; Refused for a copy.

        With `adopting` it also opens a copy, to make it a database of its own.
        """
        if self._journal is None:
            from backout_tui.store.log.journal import Journal

            self._journal = Journal.open(self.database, clock=self.clock, tool=self.tool, adopting=adopting)
        return self._journal

    @property
    def secrets(self) -> Secrets:
        """The secret values of this process."""
        if self._secrets is None:
            from backout_tui.engine.session.secret_values import Secrets

            self._secrets = Secrets(self.settings, self.whole_environment)
        return self._secrets

    @property
    def exists(self) -> bool:
        """Whether the database exists yet; a file left by an interrupted creation doesn't count.

        Raises BackoutError, as `reader` does, when it cannot be read.
        """
        from backout_tui.store.file.place import NoDatabase, check_readable

        try:
            check_readable(self.database)  # it may have been removed since it was opened
            version = self.reader.version
        except NoDatabase:
            return False
        return version > 0

    def close(self) -> None:
        """Close the database."""
        if self._reader is not None:
            self._reader.close()
        if self._journal is not None:
            self._journal.close()
        self._reader = self._journal = None
