"""Opening, what was said of *Before you start*, closing, the values of variables."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from backout_tui.domain.backout import flatten
from backout_tui.domain.backout.events import Event
from backout_tui.domain.backout.payloads.backout_payloads import (
    Closed,
    DeployedAt,
    Glass,
    Opened,
    PrerequisiteAnswered,
    PrerequisitesLeft,
    Variable,
)
from backout_tui.domain.backout.payloads.kinds import EventKind
from backout_tui.domain.backout.prerequisites import StartedWithout, Tick
from backout_tui.domain.backout.state import Backout, GlassBroken
from backout_tui.domain.codec import decode, possible
from backout_tui.domain.damage import Unfit
from backout_tui.domain.plan.fences import READING, as_read_then
from backout_tui.domain.plan.plan import Plan
from backout_tui.domain.values import replace


def _opened(backout: Backout, event: Event) -> Backout:
    if backout.opened_at is not None:
        raise Unfit("the backout is opened a second time")
    said = event.says(Opened)
    plan = decode(Plan, said.content)
    plan = plan if said.reading >= READING else as_read_then(plan)
    variables = {variable.name: variable.value for variable in plan.variables if variable.value and not variable.secret}
    return replace(
        backout,
        mode=said.mode,
        rehearsed_in=said.rehearsed_in,
        release=said.release,
        ref=said.plan,
        plan=plan,
        opened_at=event.when,
        opened_by=event.actor,
        start_reason=said.reason,
        handed_over=said.handed_over,
        cwd=said.cwd,
        deployed_at=possible(said.deployed_at) if said.deployed_at is not None else None,
        sends_mail=said.sends_mail,
        steps=flatten.steps_of(plan),
        checks=flatten.checks_of(plan),
        messages=flatten.messages_of(plan),
        options=tuple(part.name for part in plan.parts if part.kind == "option"),
        variables={**variables, **said.variables},
    )


def _deployed_at_set(backout: Backout, event: Event) -> Backout:
    """No time means that nobody knew it: it is not asked for again, and a time known before still stands."""
    at = event.says(DeployedAt).deployed_at
    deployed_at = possible(at) if at is not None else backout.deployed_at
    return replace(backout, deployed_at=deployed_at, deployment_asked=True)


def _glass_broken(backout: Backout, event: Event) -> Backout:
    said = event.says(Glass)
    broken = GlassBroken(said.what, said.reason, event.actor.name, event.when, event.seq)
    return replace(backout, glass=(*backout.glass, broken))


def _variable_set(backout: Backout, event: Event) -> Backout:
    said = event.says(Variable)
    return replace(backout, variables={**backout.variables, said.name: said.value})


def _ticked(backout: Backout, event: Event) -> Backout:
    said = event.says(PrerequisiteAnswered)
    tick = Tick(said.answer, said.reason, event.actor.name, event.when, event.seq)
    return replace(backout, ticks={**backout.ticks, str(said.number): tick})


def _left(backout: Backout, event: Event) -> Backout:
    said = event.says(PrerequisitesLeft)
    without = StartedWithout(tuple(said.left), said.reason, event.actor.name, event.when, event.seq)
    return replace(backout, started_without=without)


def _noted(backout: Backout, _event: Event) -> Backout:
    return backout


def _closed(backout: Backout, event: Event) -> Backout:
    return replace(backout, closed_at=event.when, closed_by=event.actor.name, close_reason=event.says(Closed).reason)


def _reopened(backout: Backout, _event: Event) -> Backout:
    return replace(backout, closed_at=None, closed_by="", close_reason="", verdict=None)


APPLY: Mapping[str, Callable[[Backout, Event], Backout]] = {
    EventKind.BACKOUT_OPENED: _opened,
    EventKind.DEPLOYED_AT_SET: _deployed_at_set,
    EventKind.GLASS_BROKEN: _glass_broken,
    EventKind.VARIABLE_SET: _variable_set,
    EventKind.PREREQUISITE_ANSWERED: _ticked,
    EventKind.PREREQUISITES_LEFT: _left,
    EventKind.NOTE_ADDED: _noted,
    EventKind.BACKOUT_CLOSED: _closed,
    EventKind.BACKOUT_REOPENED: _reopened,
}
