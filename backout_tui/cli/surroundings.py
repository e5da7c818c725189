"""The composition root: builds the desk that everything else works with from the global options."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from backout_tui import __version__
from backout_tui.cli.speech import ask, tell
from backout_tui.domain.backout.events import Actor
from backout_tui.domain.text import clean_line
from backout_tui.domain.values import replace
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
        self._knows_who = False

    def desk(self) -> Desk:
        """Build the real desk: this user, this host, this clock. Raises BackoutError for wrong options.

        Asks for the person's name where several people use this login.
        """
        desk = self.reading_desk()
        if not self._knows_who:
            self._knows_who = True
            desk.actor = self._named(desk)
        return desk

    def reading_desk(self) -> Desk:
        """Build the desk of a command that only reads, and therefore asks for no name. Raises as `desk` does."""
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
        return Desk(
            database=self._database(),
            actor=whoami(self.claimed, environment),
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

    def _named(self, desk: Desk) -> Actor:
        """The actor under their own name: as given or as asked; without a terminal, as who is behind the login.

        Raises BackoutError when that is not known either.
        """
        actor = desk.actor
        why = why_ask_name(desk.settings, actor, self.claimed)
        if why is None:
            return actor
        if sys.stdin.isatty() and sys.stderr.isatty():
            return whoami(_said_name(desk.database, why, actor.behind), os.environ)
        if actor.behind:
            return replace(actor, name=actor.behind)
        raise BackoutError(why, todo="Give your name with --as NAME, or in BACKOUT_AS.")


def _said_name(database: Path, why: str, usual: str) -> str:
    """The name as it was given in this terminal before, or as it is given now."""
    from backout_tui.engine.session.known_name import known_name, remember_name  # few people are asked

    if known := known_name(database):
        tell(clean_line(f"As {known}, as you said in this terminal; --as NAME says otherwise."))
        return known
    ask(f"{why}. Your name{f' [{usual}]' if usual else ''}: ")
    name = sys.stdin.readline().strip() or usual
    remember_name(database, name)
    return name


def _working_folder() -> Path:
    try:
        return Path.cwd()
    except FileNotFoundError as error:
        raise BackoutError("the folder you are in is gone", todo="Change to another folder.") from error
