"""A deviation in words: what, why, and who agreed. For the screens and the report."""

from __future__ import annotations

from collections.abc import Mapping

from backout_tui.domain.as_run import planned_place
from backout_tui.domain.backout import Deviation
from backout_tui.domain.items import StepState
from backout_tui.domain.step_changes import changes


def kind_words(one: Deviation, step: StepState | None, planned: Mapping[str, StepState]) -> str:
    """What departs: `skipped`, `changed: command`, `moved, planned after 2`, `reordered, planned after 3`."""
    words = one.kind.replace("_", " ")
    before = planned.get(one.step)
    if one.kind == "changed" and step is not None and before is not None:
        parts = " and ".join(change.part for change in changes(before, step))
        return f"{words} ({parts})" if parts else words
    place = planned_place(planned, one.step) if one.kind in ("moved", "reordered") else ""
    return f"{words} (planned {place})" if place else words


def beside_words(one: Deviation) -> str:
    """Who agreed and what it is for: `agreed with kim, for P1`; "" when nobody said so."""
    said = [f"agreed with {one.agreed}" if one.agreed else "", f"for {one.problem}" if one.problem else ""]
    return ", ".join(filter(None, said))
