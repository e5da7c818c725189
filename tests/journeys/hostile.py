"""A backout in which every text that comes from outside tries to act on the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import cycle

from backout_tui.engine.operator import Operator
from backout_tui.engine.verbs import (
    call_verbs,
    check_verbs,
    decision_verbs,
    message_verbs,
    note_verbs,
    problem_verbs,
    step_verbs,
)

PAYLOADS = (
    "\x1b]52;c;cHduZWQ=\x07[/x]",
    "\x1b]0;pwned\x1b\\[bold]b[/bold]",
    "\x9b38;5;199m\x90q\x9c[link=x]l[/link]",
    "\x1b[77;7H\x08\x7f[@click=app.bell]c[/]",
    "\x1bc\x1b[38;5;199m\x1b(0\x0e[$error]e",
    "\x1b_Gq\x1b\\\u202egnp\u2066\u200b[/]",
    "\x1b[?66h\x1b[6n\x1b[c\ufeff\u2028[b",
)
"""Clipboard, title, colours and strings in eight bits, cursor, reset and charset, APC and bidi, modes and questions."""
_ROUND = cycle(PAYLOADS)


def evil(words: str = "") -> str:
    """`words` behind the next of the payloads."""
    return next(_ROUND) + words


def plan() -> str:
    """A plan of which every fact, title, text, command, name and address is hostile."""
    return f"""\
# Backout plan: {evil("pay")} 4.12.0

- release: {evil("pay")} 4.12.0
- returns to: {evil("4.11")}
- environment: {evil("prod")}
- team: {evil("team")}
- affects: {evil("ledger")}
- window: 2h after deploy {evil()}
- authoriser: {evil("manager")}

## When to back out
- {evil("when")}

## Variables
- NAME: {evil("value")}

## Steps

### 1. {evil("by hand")}
- owner: {evil("owner")}
- if it fails: {evil("otherwise")}

{evil("instruction")}

### 2. {evil("command")}
- on: {evil("host")}
- as: {evil("user")}
- only if: {evil("condition")}
- point of no return: {evil("why")}

```sh
# {evil("comment")}
cat evil
```

Expect: `{evil("expected")}`

### 3. {evil("left out")}

### 4. {evil("group")}

```sh
echo {evil("one")}
```

```sh
echo {evil("two")}
```

## Verification

### A. {evil("check")}

```sh
cat evil # {evil("check")}
```

### B. {evil("look")}

{evil("what to look at")}

## If the backout fails

{evil("contingency")}

## Communication

### {evil("message")}
- to: {evil("group")}, all
- by: email
- when: decision

> Subject: {evil("subject")} {{release}}
>
> {evil("body")} {{problems}} {{NAME}}

## Contacts

| name | role | groups | zone | quiet | reach |
|---|---|---|---|---|---|
| {evil("kim")} | {evil("role")} | all | {evil("zone")} | {evil("quiet")} | email:{evil("x")}@example.org |
| lee | lead | all | UTC | | email:lee@example.org, phone:{evil("+49")} |
"""


def night(op: Operator) -> None:
    """A bit of everything that people say in a night, all of it hostile."""
    problem_verbs.log(op, evil("problem"), detail=evil("detail\n") + evil("more"), assign=evil("assignee"))
    problem_verbs.log(op, evil("second problem"))
    decision_verbs.decide(op, by=evil("boss"), reason=evil("because of it"), agreed=evil("agreed"))
    step_verbs.skip(op, "3", evil("skipped because"))
    step_verbs.add(op, evil("added"), after="1", command=f"echo {evil('added')}", reason=evil("added because"))
    step_verbs.change(op, "1", instruction=evil("changed"), reason=evil("changed because"))
    step_verbs.done(op, "1", evil("done"))
    step_verbs.work_around(op, "1a", evil("worked around because"))
    check_verbs.record(op, "B", "inconclusive", evil("looked at"))
    call_verbs.log(op, evil("callee"), "no-answer", evil("said"), op.desk.clock.now() + timedelta(hours=1))
    call_verbs.log(op, evil("second callee"), "reached", evil("said"))
    message_verbs.write(op, ("lee",), "email", evil("text\n") + evil("more"), evil("subject"))
    note_verbs.add(op, evil("note"))


def output() -> bytes:
    """What a command prints: every payload, in UTF-8 and as raw bytes, and every control there is."""
    controls = bytes(range(1, 32)) + b"\x7f" + bytes(range(0x80, 0xA0))
    return b"\n".join(
        [*(one.encode() for one in rotation()), *(one.encode("latin-1", "ignore") for one in PAYLOADS), controls]
    )


def rotation() -> Iterator[str]:
    """Every payload once, each with a word behind it."""
    return (payload + "printed" for payload in PAYLOADS)
