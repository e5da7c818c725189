"""The composition root: builds the desk that everything else works with from the global options."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from backout_tui import __version__
from backout_tui.cli.speech import ask
from backout_tui.engine.desk import Desk
from backout_tui.engine.session.identity import whoami, why_ask_name
from backout_tui.errors import BackoutError
from backout_tui.settings import operator_environment, read_settings
from backout_tui.store.file import place


class Surroundings:
    """The global options as given."""

    def __init__(self, database: str | None = None, config: Path | None = None, claimed: str | None = None) -> None:
        """`database` may be relative; `claimed` is the name given with `--as`."""
        self.database, self.config, self.claimed = database, config, claimed
        self._desk: Desk | None = None

    def desk(self) -> Desk:
        """Build the real desk: this user, this host, this clock. Raises BackoutError for wrong options."""
        if self._desk is None:
            self._desk = self._made()
        return self._desk

    def close(self) -> None:
        """Close the database if it was opened."""
        if self._desk is not None:
            self._desk.close()

    def _made(self) -> Desk:
        environment = dict(os.environ)
        settings = read_settings(self.config, environment)
        actor = whoami(self.claimed, environment)
        if (why := why_ask_name(settings, actor, self.claimed)) is not None:
            actor = whoami(self._ask_name(why), environment)
        return Desk(
            database=self._database(),
            actor=actor,
            settings=settings,
            environment=operator_environment(environment),
            cwd=_working_folder(),
            tool=f"backout-tui {__version__}",
            whole_environment=environment,
        )

    def _database(self) -> Path:
        if not self.database:
            return place.default_database()
        place.refuse_url(self.database)
        return _working_folder() / self.database  # absolute, because a supervisor works in another folder

    def _ask_name(self, why: str) -> str:
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            raise BackoutError(why, todo="Give your name with --as NAME, or in BACKOUT_AS.")
        ask(f"{why}. Your name: ")
        self.claimed = sys.stdin.readline().strip()
        return self.claimed


def _working_folder() -> Path:
    try:
        return Path.cwd()
    except FileNotFoundError as error:
        raise BackoutError("the folder you are in is gone", todo="Change to another folder.") from error
