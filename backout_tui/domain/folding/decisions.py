"""The decision, the calls, the verdict."""

from __future__ import annotations

from dataclasses import replace

from backout_tui.domain.backout import Backout, Call, Decision, Verdict
from backout_tui.domain.codec import parse_time
from backout_tui.domain.events import Event


def _decided(backout: Backout, event: Event) -> Backout:
    data = event.data
    decision = Decision(
        kind=data["kind"],
        by=data["by"],
        reason=data["reason"],
        at=event.when,
        agreed=data.get("agreed", ""),
        problems=tuple(data.get("problems", ())),
        named_authoriser=data["named_authoriser"],
        break_glass=data.get("break_glass", False),
        question=data.get("question", ""),
        role=data.get("role", ""),
        early_s=data.get("early_s", 0),
        recorded_by=event.actor.name,
    )
    before = (backout.decision,) if backout.decision is not None else ()
    return replace(backout, decision=decision, revised=(*backout.revised, *before))


def _called(backout: Backout, event: Event) -> Backout:
    data = event.data
    follow_up = data.get("follow_up")
    call = Call(
        id=data["call"],
        name=data["name"],
        result=data["result"],
        note=data.get("note", ""),
        at=event.when,
        by=event.actor.name,
        follow_up=parse_time(follow_up) if follow_up else None,
    )
    earlier = tuple(replace(one, follow_up=None) if one.name == call.name else one for one in backout.calls)
    return replace(backout, calls=(*earlier, call))


def _verdict(backout: Backout, event: Event) -> Backout:
    data = event.data
    verdict = Verdict(data["outcome"], data.get("reason", ""), event.actor.name, event.when)
    return replace(backout, verdict=verdict)


APPLY = {"Decided": _decided, "CallLogged": _called, "VerdictGiven": _verdict}
