"""Command lines: run in this process as `main` runs them, or through the console script, with what came of them."""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from backout_tui.cli import main
from tests.engine.desks import BY_HAND, HEAD, PEOPLE

SCRIPT = Path(sys.executable).with_name("backout-tui")
COMMANDS = (
    HEAD
    + """## Variables
- TARGET: blue
- TOKEN: (secret)

## Steps

### 1. Freeze
- before the decision

### 2. Roll back
- estimate: 1 min

```sh timeout=60
echo "rolled back to $TARGET" | tee -a ran
```

Expect: `rolled back`

### 3. Break

```sh
echo once >> ran; false; echo never
```

### 4. Burn
- point of no return: the old data is gone

```sh
echo burnt >> ran
```

### 5. Log in

```sh
echo "token $TOKEN" >> ran-with-token; echo "token $TOKEN"
```

## Verification

### A. It answers

```sh
test -e answer
```

### B. It looks right

## Communication

### Started
- to: everybody
- by: email

> Subject: Backing out {release}
>
> {release} goes back to {returns_to}.
"""
    + PEOPLE
)
__all__ = ["BY_HAND", "COMMANDS", "SCRIPT", "Line", "Result", "line_in"]


@dataclass(frozen=True)
class Result:
    """What a command line gave: its exit code, and what it said on both channels."""

    code: int
    out_bytes: bytes
    err_bytes: bytes

    @property
    def out(self) -> str:
        """Standard output as text."""
        return self.out_bytes.decode()

    @property
    def err(self) -> str:
        """Standard error as text."""
        return self.err_bytes.decode()

    @property
    def json(self) -> Any:
        """The one JSON document on standard output."""
        return json.loads(self.out_bytes)


@dataclass
class Line:
    """One person's command line: sam, in a folder with a database of their own, without a terminal."""

    place: Path
    patch: pytest.MonkeyPatch

    @property
    def database(self) -> Path:
        """The database that the environment names."""
        return self.place / "backout.sqlite"

    def run(self, *arguments: str, stdin: bytes = b"") -> Result:
        """Run one command line in this process, and let it go through every error as `main` does."""
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
        self.patch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main.run(list(arguments))
        out.flush()
        err.flush()
        return Result(code, _bytes_of(out), _bytes_of(err))

    def ok(self, *arguments: str, stdin: bytes = b"") -> Result:
        """Run one that has to end with 0."""
        result = self.run(*arguments, stdin=stdin)
        assert result.code == 0, result.err or result.out
        return result

    def do(self, *arguments: str) -> Any:
        """`do 1 ... --json` that has to end with 0; its document."""
        return self.ok("do", "1", "--json", *arguments).json

    def state(self, backout: str = "1") -> Any:
        """What `show --json` says."""
        return self.ok("show", backout, "--json").json

    def kinds(self, backout: str = "1") -> list[str]:
        """The kinds of all events."""
        return [record["kind"] for record in self.ok("log", backout, "--json").json]

    def write(self, name: str, text: str) -> str:
        """A file in the folder; its path."""
        path = self.place / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    def start(self, text: str = COMMANDS, *more: str) -> Any:
        """Start a backout of the plan `text` from a file; what it printed."""
        return self.ok("start", self.write("plan.md", text), "--json", *more).json

    def decided(self, text: str = COMMANDS) -> None:
        """Started, with a problem, a decision, and step 1 behind."""
        self.start(text)
        self.do("problem-add", "5xx everywhere")
        self.do("decide", "--by", "release manager", "--reason", "errors above two percent", "--agreed", "by phone")
        self.do("step-done", "1")

    def script(
        self, *arguments: str | bytes, environment: Mapping[str, str] | None = None, stdin: bytes = b"", **options: Any
    ) -> Result:
        """Run the console script in a process of its own."""
        done = subprocess.run(
            [SCRIPT, *arguments],
            input=stdin,
            capture_output=True,
            env={**os.environ, **(environment or {})},
            timeout=60,
            check=False,
            **options,
        )
        return Result(done.returncode, done.stdout, done.stderr)


def line_in(place: Path, patch: pytest.MonkeyPatch) -> Line:
    """Sam's command line in `place`; nothing of the person who runs the tests is seen or touched."""
    for name in [name for name in os.environ if name.startswith("BACKOUT_")]:
        patch.delenv(name)
    for name, folder in (("XDG_CONFIG_HOME", "config"), ("XDG_STATE_HOME", "state"), ("TMPDIR", "tmp")):
        patch.setenv(name, str(place / folder))
    (place / "tmp").mkdir()
    patch.setattr("tempfile.tempdir", str(place / "tmp"))
    patch.setenv("BACKOUT_DATABASE", str(place / "backout.sqlite"))
    patch.setenv("BACKOUT_AS", "sam")
    patch.chdir(place)
    return Line(place, patch)


def _bytes_of(stream: io.TextIOWrapper) -> bytes:
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue()
