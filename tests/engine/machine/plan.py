"""The plan that the machine works on: one step of every kind, and the rules of each in plain words for the referee."""

from __future__ import annotations

from tests.engine.desks import HEAD, PEOPLE

TEXT = (
    HEAD
    + """## Variables
- TARGET: blue
- TAG:

## Steps

### 1. Freeze
- before the decision

### 2. Drain

```sh
true
```

Expect: `drained`

### 3. Restore
- required
- point of no return: the old ledger is gone

```sh
true
```

### 4. Clean
- only if: files are left

```sh
true
```

### 5. Look on
- waits for: 1

```sh
true
```

### 6. Tag

```sh
echo "$TAG"
```

### Option A: roll back

#### A1. Roll

```sh
true
```

### Option B: by hand

#### B1. Scale

### Phase: Afterwards

#### 7. Lift the freeze

## Verification

### A. It answers

```sh
true
```

### B. Ten charges looked at

## Communication

### Started
- to: release manager
- by: email
- when: decision

> We are backing out.
"""
    + PEOPLE
)

STEPS = ("1", "2", "3", "4", "5", "6", "A1", "B1", "7")
COMMANDS = frozenset({"2", "3", "4", "5", "6", "A1"})
BEFORE_THE_DECISION = frozenset({"1"})
REQUIRED = frozenset({"3"})
WAITS_FOR = {"5": ("1",)}
OPTION = {"A1": "A: roll back", "B1": "B: by hand"}
EMPTY = {"6": "TAG"}
AUTHORISERS = frozenset({"release manager", "web lead"})
