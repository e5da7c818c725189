"""Opening, closing, the values of variables."""

from __future__ import annotations

from dataclasses import replace

from backout_tui.domain import flatten
from backout_tui.domain.backout import Backout, GlassBroken, PlanRef, Release
from backout_tui.domain.codec import decode, parse_time
from backout_tui.domain.events import Event
from backout_tui.domain.plan import Plan


def _opened(backout: Backout, event: Event) -> Backout:
    data = event.data
    plan = decode(Plan, data.get("content", {}))
    deployed = data.get("deployed_at")
    variables = {variable.name: variable.value for variable in plan.variables if variable.value and not variable.secret}
    return replace(
        backout,
        mode=data["mode"],
        rehearsed_in=data.get("rehearsed_in", ""),
        release=decode(Release, data["release"]),
        ref=decode(PlanRef, data["plan"]),
        plan=plan,
        opened_at=event.when,
        opened_by=event.actor,
        start_reason=data.get("reason", ""),
        cwd=data.get("cwd", ""),
        deployed_at=parse_time(deployed) if deployed else None,
        sends_mail=data.get("sends_mail", True),
        steps=flatten.steps_of(plan),
        checks=flatten.checks_of(plan),
        messages=flatten.messages_of(plan),
        options=tuple(part.name for part in plan.parts if part.kind == "option"),
        variables={**variables, **data.get("variables", {})},
    )


def _deployed_at_set(backout: Backout, event: Event) -> Backout:
    """Without a time nobody knew it: then it is not asked for again, and what was known before still stands."""
    said = event.data.get("deployed_at")
    return replace(backout, deployed_at=parse_time(said) if said else backout.deployed_at, deployment_asked=True)


def _glass_broken(backout: Backout, event: Event) -> Backout:
    broken = GlassBroken(event.data["what"], event.data["reason"], event.actor.name, event.when, event.seq)
    return replace(backout, glass=(*backout.glass, broken))


def _variable_set(backout: Backout, event: Event) -> Backout:
    return replace(backout, variables={**backout.variables, event.data["name"]: event.data["value"]})


def _noted(backout: Backout, _event: Event) -> Backout:
    return backout


def _closed(backout: Backout, event: Event) -> Backout:
    return replace(backout, closed_at=event.when, closed_by=event.actor.name, close_reason=event.data.get("reason", ""))


def _reopened(backout: Backout, _event: Event) -> Backout:
    return replace(backout, closed_at=None, closed_by="", close_reason="", verdict=None)


APPLY = {
    "BackoutOpened": _opened,
    "DeployedAtSet": _deployed_at_set,
    "GlassBroken": _glass_broken,
    "VariableSet": _variable_set,
    "NoteAdded": _noted,
    "BackoutClosed": _closed,
    "BackoutReopened": _reopened,
}
