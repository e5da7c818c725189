"""What the plan says for judgement, and what was said of it: for `show`, the brief and the report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from backout_tui.domain.backout.prerequisites import Prerequisite, Readiness, prerequisites
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.plan.judgement import affected, components_of, paragraphs, said_in
from backout_tui.reports.pen import Pen

_BOXES = {Readiness.OPEN: "[ ]", Readiness.YES: "[x]", Readiness.NO: "[no]"}


def parts(backout: Backout) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Each part of the plan that has something to say: its title, a short label, and its lines, in order."""
    plan = backout.plan
    whole = (
        ("Change", "Change", tuple(filter(None, (plan.fact("change"),)))),
        ("Affects", "Affects", tuple(one.text for one in affected(plan))),
        ("When to back out", "Criteria", said_in(plan.when)),
        ("When the release is a success", "Success if", said_in(plan.success)),
        ("Before you start", "Before", before(backout)),
        ("Components", "Components", components_of(plan)),
        ("Risks", "Risks", said_in(plan.risks)),
        ("After the backout", "Afterwards", said_in(plan.after)),
        ("In its own words", "The plan", paragraphs((plan.intro, plan.steps_intro))),
    )
    yield from (part for part in whole if part[2])


def by_the_plan(pen: Pen, title: str, lines: Iterable[str]) -> Iterator[str]:
    """A part of the plan, in the section of the report where it was judged by; nothing if it has no lines."""
    told = [f"- {pen.line(line)}" for line in lines]
    yield from ("", f"{title}, by the plan:", "", *told) if told else ()


def before(backout: Backout) -> tuple[str, ...]:
    """The lines of *Before you start* with their boxes, then why the first step began without some of them."""
    lines = [f"{_BOXES[one.tick.answer]} {one.number}. {one.text}{_who(one)}" for one in prerequisites(backout)]
    if (without := backout.started_without) is not None:
        lines.append(f"started without {', '.join(map(str, without.left))}, by {without.by}: {without.reason}")
    return tuple(lines)


def _who(one: Prerequisite) -> str:
    tick = one.tick
    why = f": {tick.reason}" if tick.reason else ""
    return f" ({tick.by}{why})" if tick.by else ""
