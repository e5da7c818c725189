"""A plan as the screens see it, read at the desk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec import field as struct_field

from backout_tui.domain.checking.finding import Checked, Finding
from backout_tui.domain.experience.plan_history import Earlier, LastRun
from backout_tui.domain.plan.differences import Difference, differences
from backout_tui.domain.plan.plan_items import PlanItem, concerned, items_of
from backout_tui.domain.plan.readiness import Question
from backout_tui.domain.values import replace
from backout_tui.engine import plans
from backout_tui.engine.desk import Desk
from backout_tui.engine.planning import checking, comparing, foldback, rehearsals
from backout_tui.engine.planning.foldback import Undealt
from backout_tui.engine.planning.former_reading import read_otherwise_now
from backout_tui.engine.planning.history import History
from backout_tui.engine.plans import Found


class PlanSeen(Struct, frozen=True):
    """A stored plan, its items, the nine questions, and what is wrong with it, also by the keys of its items.

    `source` holds the items of the plan that it was copied from; for items folded back from a backout, those of the
    revision before. `undealt` holds the deviations of its backouts, and of its source's, that nobody has folded back
    or dismissed.
    `read_otherwise` is what it reads otherwise now than when it was approved.
    """

    found: Found
    items: tuple[PlanItem, ...]
    questions: tuple[Question, ...]
    checked: Checked
    source: tuple[PlanItem, ...] = ()
    by_item: Mapping[str, tuple[Finding, ...]] = struct_field(default_factory=dict)
    undealt: tuple[Undealt, ...] = ()
    read_otherwise: tuple[str, ...] = ()

    def findings_of(self, item: PlanItem) -> tuple[Finding, ...]:
        """What is wrong with one item."""
        return self.by_item.get(item.key, ())

    @property
    def number(self) -> str:
        """The plan's id, as people type it."""
        return str(self.found.revision.plan_id) if self.found.revision is not None else ""

    @property
    def title(self) -> str:
        """`payments-api 4.13.0 → 4.12.0 · production`."""
        plan = self.found.plan
        release = plan.fact("release") or plan.title
        back, where = plan.fact("returns to"), plan.fact("environment")
        return f"{release}{f' → {back}' if back else ''}{f' · {where}' if where else ''}"

    @property
    def place(self) -> str:
        """`plan 2 · revision 3`."""
        one = self.found.revision
        return f"plan {one.plan_id} · revision {one.revision}" if one is not None else ""


class Compared(Struct, frozen=True):
    """What a plan changes against the one it came from; `before` is the name of that one."""

    before: str
    found: tuple[Difference, ...]


def look(desk: Desk, number: str, *, live: bool = False) -> PlanSeen:
    """Read the plan with this id; `live` also checks its links and programs. Raises BackoutError when there is none."""
    found = plans.find(desk, number)
    items, checked = found.items, checking.check(desk, found, live=live)
    source, by_item = _source(desk, found, items), _by_item(items, checked.findings)
    plan_id = found.revision.plan_id if found.revision is not None else 0
    left = (*foldback.undealt(desk, plan_id, found.record), *foldback.inherited_undealt(desk, found))
    otherwise = read_otherwise_now(desk, found)
    return PlanSeen(found, items, rehearsals.asked(desk, found), checked, source, by_item, left, otherwise)


def _source(desk: Desk, found: Found, items: Sequence[PlanItem]) -> tuple[PlanItem, ...]:
    """The items as they were before the copy or the fold-back, under the keys they have now."""
    before = comparing.predecessor(desk, found) if found.record.source is not None else None
    source = {item.key: item for item in items_of(before.plan)} if before is not None else {}
    plan_id = found.revision.plan_id if found.revision is not None else 0
    for one in found.record.dealt:
        row = desk.reader.plan_revision(plan_id, one.made_from) if one.items else None
        was = {item.label: item for item in items_of(plans.stored(desk, row).plan)} if row is not None else {}
        touched = [item for item in items if item.key in one.items and item.label in was]
        source |= {item.key: replace(was[item.label], key=item.key) for item in touched}
    return tuple(source.values())


def _by_item(items: Sequence[PlanItem], findings: Iterable[Finding]) -> dict[str, tuple[Finding, ...]]:
    by_item: dict[str, tuple[Finding, ...]] = {}
    for one in findings:
        if (item := concerned(items, one.item, one.line)) is not None:
            by_item[item.key] = (*by_item.get(item.key, ()), one)
    return by_item


def compare(desk: Desk, number: str) -> Compared:
    """Compare the plan with the one it came from. Raises BackoutError when there is none."""
    after = plans.find(desk, number)
    before = comparing.predecessor_or_error(desk, after)
    return Compared(comparing.name_of(before), differences(before.plan, after.plan))


def history(desk: Desk, found: Found) -> History:
    """What is known from before about the plan's items; only the desk's thread may use it."""
    return History(desk, found)


def told(_: Desk, past: History, item: PlanItem) -> tuple[tuple[Earlier, ...], LastRun | None]:
    """The item in earlier releases, and how its last run went."""
    return past.earlier(item), past.last_run(item)
