"""Another process that folds a log from its first event, again and again, and says what it makes of it."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Self

from backout_tui.domain.backout import fold
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.codec import encode
from backout_tui.store.log.reading import Reader

ROOT = Path(__file__).parents[3]


def digest(backout: Backout) -> str:
    """The whole of a state in a few letters."""
    return hashlib.sha256(json.dumps(encode(backout), sort_keys=True).encode()).hexdigest()


def replayed(database: Path, log_id: str) -> Backout:
    """The fold of what the file says, from the first event."""
    with Reader.open(database) as reader:
        return fold.backout_of(reader.events_after(log_id, 0), log_id=log_id)


class Replayer:
    """The other process; it lives as long as it is used with `with`."""

    def __enter__(self) -> Self:
        """Start it."""
        command = [sys.executable, "-m", "tests.engine.machine.replayer"]
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        return self

    def __exit__(self, *_: object) -> None:
        """End it."""
        self._process.communicate()

    def digest(self, database: Path, log_id: str) -> str:
        """What it makes of a log."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{database}\t{log_id}\n")
        return self._process.stdout.readline().strip()


def main() -> None:
    """Answer each line, a database and a log, with a digest."""
    for line in sys.stdin:
        database, log_id = line.rstrip("\n").split("\t")
        print(digest(replayed(Path(database), log_id)), flush=True)


if __name__ == "__main__":
    main()
