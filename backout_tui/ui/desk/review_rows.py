"""The items of a reused plan as rows, and one item in full. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from backout_tui.domain.experience.plan_history import Earlier, LastRun
from backout_tui.domain.plan.differences import changed_lines
from backout_tui.domain.plan.plan_items import WARNING, PlanItem
from backout_tui.domain.plan.plan_record import PlanRecord
from backout_tui.engine.planning.reviewing import Confirmed
from backout_tui.ui.desk.plan_seen import PlanSeen
from backout_tui.ui.dialogs.confirm import Section
from backout_tui.ui.widgets.columns import Cell, Column, Row
from backout_tui.ui.widgets.glyphs import glyph
from backout_tui.ui.widgets.text_view import Line, marked

COLUMNS = (Column(1), Column(18), Column(0), Column(9, drop=2), Column(10, drop=1))
CONFIRMED, LAPSED, TO_CONFIRM, NEW, DENIED, ASKED = (
    "confirmed", "changed", "to confirm", "new here", "not right", "yes or no?",
)  # fmt: skip


def state_of(record: PlanRecord, item: PlanItem) -> str:
    """confirmed, not right, changed (since it was confirmed), to confirm, a question, or new here (not inherited)."""
    if not record.is_inherited(item):
        return NEW
    if (said := record.answer_to(item)) is not None:
        return CONFIRMED if said.is_right else DENIED
    if item.kind == WARNING:
        return ASKED
    return LAPSED if item.key in record.confirmed or item.key not in record.inherited else TO_CONFIRM


def named(item: PlanItem) -> str:
    """What an item is called beside its label: a fact and a variable have only what they say."""
    return item.lines[0] if item.kind in ("fact", "variable") and item.lines else item.title


def row_of(seen: PlanSeen, item: PlanItem) -> Row:
    """`○ step 4  Roll the deployment back  1 error  to confirm`."""
    state = state_of(seen.found.record, item)
    errors = sum(one.severity == "error" for one in seen.findings_of(item))
    tone = {CONFIRMED: "done", NEW: "dim", DENIED: "failed"}.get(state, "warning")
    mark = {CONFIRMED: "done", NEW: "not_needed", DENIED: "failed"}.get(state, "pending")
    wrong = f"{errors} error{'s' if errors != 1 else ''}" if errors else ""
    return Row(
        item.key,
        (Cell(glyph(mark), tone), item.label, named(item), Cell(wrong, "failed"), Cell(state, tone)),
    )


def whole_lines(
    seen: PlanSeen, item: PlanItem, past: tuple[Sequence[Earlier], LastRun | None] | None
) -> Iterator[Line]:
    """What the item says, what is wrong with it, what it was before, and how its last run went."""
    yield from _now(seen, item)
    for night in seen.found.record.departed(item):
        yield Line(f"Folded back from backout {night.backout}", "heading")
        yield from (Line(f"  {words}", "warning") for words in night.items[item.key])
    for one in seen.findings_of(item):
        tone = "failed" if one.severity == "error" else "warning"
        yield Line(f"{glyph('problem')} line {one.line}: {one.message}", tone)
    if item.kind == WARNING:
        yield Line("")
        yield Line("y: it is right for this release   n: it is not, and has to be changed", "strong")
        return
    yield Line("")
    if past is not None:
        earlier, run = past
        yield Line("Before", "heading")
        yield Line(f"  last run: {run}" if run is not None else "  it was never run")
        for release in earlier:
            yield from _earlier(item, release)
    if (said := seen.found.record.answer_to(item)) is not None:
        yield Line("")
        words = f"Confirmed by {said.by}" if said.is_right else f"Not right, says {said.by}: e changes it"
        yield Line(words, "done" if said.is_right else "failed")


def _now(seen: PlanSeen, item: PlanItem) -> Iterator[Line]:
    """The item's lines; those that differ from the plan it was copied from are marked."""
    before = next((one for one in seen.source if one.key == item.key), None)
    lines = [f"  {line}" for line in item.lines] if before is None else changed_lines(before.lines, item.lines)
    yield from marked(lines, "  ")


def _earlier(item: PlanItem, one: Earlier) -> Iterator[Line]:
    if one.item is None:
        yield Line(f"  {one.release} (plan {one.plan_id}): there was none", "dim")
    elif one.item.lines == item.lines:
        yield Line(f"  {one.release} (plan {one.plan_id}): the same", "dim")
    else:
        yield Line(f"  {one.release} (plan {one.plan_id}): there it said")
        yield from (
            Line(f"      {line[2:]}", "dim") for line in changed_lines(item.lines, one.item.lines) if line[:2] == "+ "
        )


def unchanged_sections(wanted: Confirmed) -> list[Section]:
    """What would be confirmed at once, and what is left open, with the reason."""
    sections = [Section("As they were in the other plan", tuple(f"{one.label} · {named(one)}" for one in wanted.items))]
    if wanted.left:
        left = tuple(f"{one.label}: {why}" for one, why in wanted.left)
        sections.append(Section(f"Left open, to be looked at: {len(left)}", left, "warning"))
    return sections
