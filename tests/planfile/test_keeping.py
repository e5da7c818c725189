"""What the program writes means what was read, or is refused by the line that cannot be kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from backout_tui.domain.plan.plan_items import items_of
from backout_tui.domain.values import replace
from backout_tui.engine.desk import Desk
from backout_tui.engine.planning import copying, editing, reviewing, silencing
from backout_tui.engine.plans import Found, find, keep, whole_text
from backout_tui.errors import BackoutError
from backout_tui.planfile.reading.reader import read_plan
from backout_tui.planfile.writing.keeping import kept_text
from tests.engine.desks import Room


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """A folder with a database that nobody has begun yet."""
    found = Room(tmp_path)
    yield found
    found.close()


TOP = "# Backout plan: shop 2.0\n\n- release: shop 2.0\n- returns to: 1.9\n"
KEPT = {
    "a section of ours one level up": "# Roll back\n# Rollback plan\nStep 1: by hand\n",
    "contacts one level up": "# Roll back\n# Contacts\nname | role | email\n---|---|---\nsam | lead |\n",
    "a heading that is no heading": "# Roll back\nVerification\n===\n1. It answers\n",
    "the title twice": "# Backout plan: shop 2.0\n# Backout plan: shop 2.0\n",
    "no title, and a loose step": "#\n# Contacts\n# Step 3: by hand\n",
    "a section that appears twice": f"{TOP}\n## Risks\n- one\n\n## Notes\nx\n\n## Risks\n- two\n",
    "a comment that is never closed": f"{TOP}\n<!-- from here on nobody knows\n\n## Steps\n\n### 1. One\nDo it.\n",
    "a fence that is never closed": f"{TOP}\n## Steps\n\n### 1. One\n```sh\nx\n\n### 2. Two\n",
    "other ends of lines": f"{TOP}\n## Steps\n\n### 1. One\nDo it.\n".replace("\n", "\r\n"),
    "what nobody sees": f"\ufeff{TOP}\n## Ste\u200bps\n\n### 1.\u00a0One\u2028Two\x00\n",
}
REFUSED = {
    "a heading that hangs below a variable": ("## Variables\n- NAMESPACE: payments\n  ## Steps", range(1, 4)),
    "a heading that hangs below a fact": ("- authoriser: kim\ncmd <tag>\n   # h", range(2, 4)),
    "a fence that hangs below a variable": ("## Variables\n- owner: y\n   ```sh", range(3, 4)),
    "a fence that hangs below a fact": ("## Steps\n### 2. See\n- safe to repeat\n  ```", range(3, 5)),
    "a quote that hangs below a fact": (
        "## Communication\n### Started\n- when: decision\n\n  > Subject: x\n> Expected to finish: {finish}.",
        range(2, 7),
    ),
    "lists too deep": ("## Backout plan: shop\n> > \n## When to back out\n" + "* " * 200 + "x", range(1, 5)),
}


@pytest.mark.parametrize("text", KEPT.values(), ids=KEPT)
def test_what_looks_like_something_else_is_read_again_as_it_was(text: str) -> None:
    plan = read_plan(text)
    written = kept_text(plan)
    assert read_plan(written) == plan
    assert kept_text(read_plan(written)) == written


@pytest.mark.parametrize(("text", "lines"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_kept_is_refused_by_its_line(text: str, lines: range) -> None:
    with pytest.raises(BackoutError) as refused:
        kept_text(read_plan(text), "plan.md")
    name, _, line = refused.value.where.partition(":")
    assert name == "plan.md"
    assert int(line) in lines
    assert refused.value.todo.endswith("nothing was stored.")


def test_a_plan_between_two_rules_is_no_front_matter() -> None:
    plan = read_plan("---\n# Backout plan: shop 2.0\n\n## Steps\n\n### 1. Stop\n- estimate: 1 min\n---\n")
    assert [step.title for step in plan.top_steps()] == ["Stop"]
    assert read_plan("---\n# of the wiki\ntitle: Shop\n---\n").title == "Shop"


TORN = f"""{TOP}- environment: production

## Steps

### 1. One
- estimate: 1 min

Do it.

### 2. Two
- estimate: 1 min

Do it.

## Communication

### Started
- to: all

  > Subject: Backing out
> We are backing out.
"""
"""A quote that hangs in the list of a message's facts: without these it would be the message's text."""


def stored(room: Room) -> tuple[Desk, Found]:
    desk = room.desk()
    plan = read_plan(TORN)
    return desk, find(desk, str(keep(desk, Found(TORN, plan, "plan.md")).plan_id))


def _drop(desk: Desk, found: Found) -> object:
    return reviewing.drop(desk, found, next(one for one in items_of(found.plan) if one.label == "step 1"))


WRITERS: dict[str, Callable[[Desk, Found], object]] = {
    "copy": lambda desk, found: copying.copy(desk, found, "shop 2.1", returns_to="2.0"),
    "drop": _drop,
}


@pytest.mark.parametrize("writer", WRITERS.values(), ids=WRITERS)
def test_whoever_writes_it_is_refused_and_nothing_is_stored(
    room: Room, writer: Callable[[Desk, Found], object]
) -> None:
    desk, found = stored(room)
    with pytest.raises(BackoutError, match="nothing was stored"):
        writer(desk, found)
    assert len(desk.reader.plan_revisions()) == 1


def test_it_can_still_be_edited_and_exported_as_it_stands(room: Room) -> None:
    _, found = stored(room)
    assert editing.form_of(found) == TORN
    assert whole_text(found) == TORN


def test_a_silence_changes_nothing_else(room: Room) -> None:
    desk, found = stored(room)
    revision = silencing.silence(desk, found, "unknown-recipient", "message Started", "nobody is told of it")
    assert replace(read_plan(revision.text), intro="") == replace(found.plan, intro="")
