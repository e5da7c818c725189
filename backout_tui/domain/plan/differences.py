"""How two plans differ, item by item and not line by line."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from backout_tui.domain.plan.plan import Plan
from backout_tui.domain.plan.plan_items import PlanItem, everything_of

ADDED, CHANGED, REMOVED = "added", "changed", "removed"


class Difference(Struct, frozen=True):
    """One item that differs. `before` is None if it was added, `after` if it was removed."""

    before: PlanItem | None
    after: PlanItem | None

    @property
    def kind(self) -> str:
        """added, changed or removed."""
        return ADDED if self.before is None else REMOVED if self.after is None else CHANGED

    @property
    def item(self) -> PlanItem:
        """The item as it is now, or as it was if it was removed."""
        found = self.after or self.before
        assert found is not None  # one of the two exists, or nothing differs
        return found


def differences(before: Plan, after: Plan) -> tuple[Difference, ...]:
    """What was added, changed and removed from `before` to `after`, in the order of `after`, removed items last.

    Two items are the same if their kind and title are, or else their kind and label: a step with a new title.
    """
    old = {item.key: item for item in everything_of(before)}
    new = everything_of(after)
    keys = {item.key for item in new}
    left: dict[str, list[PlanItem]] = {}
    for item in old.values():
        if item.key not in keys:
            left.setdefault(item.label, []).append(item)
    pairs = [(old.get(item.key) or _first_of(left, item.label), item) for item in new]
    return tuple(_differing(pairs, [item for items in left.values() for item in items]))


def _first_of(left: dict[str, list[PlanItem]], label: str) -> PlanItem | None:
    """Takes the first item with this label that is not paired yet."""
    return left[label].pop(0) if left.get(label) else None


def _differing(pairs: list[tuple[PlanItem | None, PlanItem]], gone: list[PlanItem]) -> Iterator[Difference]:
    for was, now in pairs:
        if was is None or was.lines != now.lines:
            yield Difference(was, now)
    for was in gone:
        yield Difference(was, None)


def changed_lines(before: tuple[str, ...], after: tuple[str, ...]) -> tuple[str, ...]:
    """The lines of an item, marked `- ` if gone, `+ ` if new, and with two spaces if unchanged."""
    import difflib  # imported here: only changed items are compared line by line

    found: list[str] = []
    for how, start, end, new_start, new_end in difflib.SequenceMatcher(
        None, before, after, autojunk=False
    ).get_opcodes():
        kept = how == "equal"
        found += [f"{'  ' if kept else '- '}{line}" for line in before[start:end]]
        found += [] if kept else [f"+ {line}" for line in after[new_start:new_end]]
    return tuple(found)
