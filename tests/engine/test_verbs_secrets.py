"""Secrets of a plan on their way to a command: hidden in whatever it prints, or not handed over at all."""

from __future__ import annotations

import pytest

from backout_tui.engine.verbs import check_verbs, run_verbs
from tests.engine.desks import HEAD, PEOPLE, Room, refusal, settled

PLAN = (
    HEAD
    + """## Variables
- TOKEN (secret)

## Steps

### 1. Say everything

```sh
env | grep TOKEN || echo none
```

### 2. Say it

```sh
echo "$TOKEN"
```

## Verification

### A. Everything is said

```sh
env | grep TOKEN
```
"""
    + PEOPLE
)
TOKEN = "hunter2-and-some-more"


def test_a_secret_that_the_command_prints_without_naming_it_is_hidden(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The operator's environment reaches the command, and `env` prints all of it."""
    monkeypatch.setenv("TOKEN", TOKEN)
    op = room.decided(PLAN)
    run_verbs.run(op, "1")
    check_verbs.run(op, "A")
    backout = settled(op)
    for attempt in (backout.steps["1"].attempt, backout.checks["A"].attempt):
        assert attempt is not None
        assert op.blob(attempt.output) == b"TOKEN=***\n"


def test_a_secret_that_nobody_asked_for_is_not_asked_for(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TOKEN", raising=False)
    op = room.decided(PLAN)
    run_verbs.run(op, "1")
    attempt = settled(op).steps["1"].attempt
    assert attempt is not None
    assert op.blob(attempt.output) == b"none\n"


def test_a_secret_too_short_to_be_hidden_is_refused_and_asked_for_again(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TOKEN", raising=False)
    op = room.decided(PLAN)
    op.desk.secrets.remember("TOKEN", "abc")
    why = refusal(op, run_verbs.run, "2", reason="the first one can wait").reason
    assert "fewer than 4 characters" in why
    assert "abc" not in why
    assert run_verbs.preview(op, "2").asked_secrets == ("TOKEN",)
