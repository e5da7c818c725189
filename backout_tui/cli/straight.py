"""Recognises the way to the dashboard without the command line's parser: `backout-tui`, and `backout-tui open 3`.

People who start it wait for the first picture. Every other command line is left to the parser.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct

_OPTIONS = ("--database", "--config", "--as")


class Way(Struct, frozen=True):
    """The backout to open ("" for the one open backout, or the list), and the global options as given."""

    backout: str
    database: str | None
    config: Path | None
    claimed: str | None

    def gone(self) -> int:
        """Open it until the operator leaves; return the exit code. Raises BackoutError."""
        from backout_tui.cli.dashboards import open_or_list, run
        from backout_tui.cli.read.sources import number
        from backout_tui.cli.surroundings import Surroundings

        surroundings = Surroundings(self.database, self.config, self.claimed)
        try:
            return run(surroundings.desk(), number(self.backout)) if self.backout else open_or_list(surroundings)
        finally:
            surroundings.close()


def to_the_dashboard(arguments: Sequence[str], environment: Mapping[str, str]) -> Way | None:
    """Return the way to the dashboard if this command line plainly leads there, else None."""
    words: list[str] = []
    given: dict[str, str] = {}
    left = iter(arguments)
    for word in left:
        option, told, value = word.partition("=")
        if option in _OPTIONS:
            given[option] = value if told else next(left, "")
            if not given[option].strip() or given[option].startswith("-"):
                return None  # the parser reports what is wrong with it
        elif word.startswith("-"):
            return None
        else:
            words.append(word)
    if not (words == [] or (words[0] == "open" and len(words) <= 2)):
        return None
    config = given.get("--config")
    database = given.get("--database", environment.get("BACKOUT_DATABASE"))
    return Way("".join(words[1:]), database, Path(config) if config else None, given.get("--as"))
