"""A deviation in words, for the screens and the report: what, why, and who agreed."""

from __future__ import annotations

from collections.abc import Mapping

from backout_tui.domain.backout.as_run import planned_place
from backout_tui.domain.backout.changed_steps import changes
from backout_tui.domain.backout.choices import DEVIATION, DeviationKind
from backout_tui.domain.backout.items import StepState
from backout_tui.domain.backout.order import listed
from backout_tui.domain.backout.state import Deviation


def kind_words(one: Deviation, step: StepState | None, planned: Mapping[str, StepState]) -> str:
    """What differs from the plan: `skipped`, `changed: command`, `moved, planned after 2`, `reordered, ...`."""
    words = one.kind.replace("_", " ")
    before = planned.get(one.step)
    if one.kind is DeviationKind.CHANGED and step is not None and before is not None:
        parts = " and ".join(change.part for change in changes(before, step))
        return f"{words} ({parts})" if parts else words
    place = planned_place(planned, one.step) if DEVIATION[one.kind].placed else ""
    return f"{words} (planned {place})" if place else words


def overtaken_words(one: Deviation) -> str:
    """The steps that come first by the plan: `before steps 1 and 2`; "" if it overtook none."""
    return f"before {listed(one.ahead_of)}" if one.ahead_of else ""


def beside_words(one: Deviation) -> str:
    """What it overtook, who agreed, and which problem it is for: `before step 2, agreed with kim, for P1`."""
    said = [
        overtaken_words(one),
        f"agreed with {one.agreed}" if one.agreed else "",
        f"for {one.problem}" if one.problem else "",
    ]
    return ", ".join(filter(None, said))
