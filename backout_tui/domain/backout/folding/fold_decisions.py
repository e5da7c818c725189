"""The decision, the calls, the verdict."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from backout_tui.domain.backout.events import Event
from backout_tui.domain.backout.payloads import backout_payloads
from backout_tui.domain.backout.payloads.backout_payloads import Called, Decided
from backout_tui.domain.backout.payloads.kinds import EventKind
from backout_tui.domain.backout.state import Backout, Call, Decision, Verdict
from backout_tui.domain.codec import possible
from backout_tui.domain.values import replace


def _decided(backout: Backout, event: Event) -> Backout:
    said = event.says(Decided)
    decision = Decision(
        kind=said.kind,
        by=said.by,
        reason=said.reason,
        at=event.when,
        agreed=said.agreed,
        problems=tuple(said.problems),
        named_authoriser=said.named_authoriser,
        break_glass=said.break_glass,
        question=said.question,
        role=said.role,
        early_s=said.early_s,
        recorded_by=event.actor.name,
    )
    before = (backout.decision,) if backout.decision is not None else ()
    return replace(backout, decision=decision, revised=(*backout.revised, *before))


def _called(backout: Backout, event: Event) -> Backout:
    said = event.says(Called)
    call = Call(
        id=said.call,
        name=said.name,
        result=said.result,
        note=said.note,
        at=event.when,
        by=event.actor.name,
        follow_up=possible(said.follow_up) if said.follow_up is not None else None,
    )
    earlier = tuple(replace(one, follow_up=None) if one.name == call.name else one for one in backout.calls)
    return replace(backout, calls=(*earlier, call))


def _verdict(backout: Backout, event: Event) -> Backout:
    said = event.says(backout_payloads.Verdict)
    return replace(backout, verdict=Verdict(said.outcome, said.reason, event.actor.name, event.when, event.seq))


APPLY: Mapping[str, Callable[[Backout, Event], Backout]] = {
    EventKind.DECIDED: _decided,
    EventKind.CALL_LOGGED: _called,
    EventKind.VERDICT_GIVEN: _verdict,
}
