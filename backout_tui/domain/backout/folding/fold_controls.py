"""Who has the controls: taken, asked for, agreed to, kept, handed over."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from backout_tui.domain.backout.events import Event
from backout_tui.domain.backout.holders import Asking, Gone, Handed
from backout_tui.domain.backout.payloads.backout_payloads import (
    Agreed,
    Asked,
    DeclaredGone,
    HandedOver,
    Kept,
    Taken,
)
from backout_tui.domain.backout.payloads.kinds import EventKind
from backout_tui.domain.backout.state import Backout, Lease
from backout_tui.domain.backout.whereabouts import begun_on
from backout_tui.domain.values import replace


def taken(backout: Backout, event: Event) -> Backout:
    """Starts a new lease number; whoever had asked the previous holder has to ask again."""
    number = backout.leases + 1
    said = event.says(Taken)
    on = begun_on(event, said.machine)
    lease = Lease(number, event.actor, said.session, event.when, on=on, lock=said.lock)
    return replace(backout, lease=lease, leases=number, askings=())


def _asked(backout: Backout, event: Event) -> Backout:
    """Somebody who asks again has been waiting since they first asked."""
    said = event.says(Asked)
    asking = Asking(event.seq, event.actor, said.session, event.when, said.why, said.lock)
    asking = replace(asking, since=event.when, mono_ns=event.mono_ns, on=begun_on(event, said.machine))
    who = (asking.actor.name, asking.session)
    before = next((one for one in backout.askings if (one.actor.name, one.session) == who), asking)
    asking = replace(asking, since=before.since, mono_ns=before.mono_ns, on=before.on)
    others = tuple(one for one in backout.askings if (one.actor.name, one.session) != who)
    return replace(backout, askings=(*others, asking))


def _kept(backout: Backout, event: Event) -> Backout:
    answered = event.says(Kept).asked
    return replace(backout, askings=tuple(one for one in backout.askings if one.event != answered))


def _agreed(backout: Backout, event: Event) -> Backout:
    said = event.says(Agreed)
    return _given(backout, Handed(event.when, said.to, said.session, agreed=True))


def _handed_over(backout: Backout, event: Event) -> Backout:
    return _given(backout, Handed(event.when, event.says(HandedOver).to))


def _declared_gone(backout: Backout, event: Event) -> Backout:
    lease, said = backout.lease, event.says(DeclaredGone)
    if lease is None or lease.session != said.session:
        return backout
    gone = Gone(event.actor.name, event.when, said.reason)
    return replace(backout, lease=replace(lease, gone=gone))


def _given(backout: Backout, handed: Handed) -> Backout:
    lease = replace(backout.lease, handed=handed) if backout.lease is not None else None
    return replace(backout, lease=lease, askings=())


APPLY: Mapping[str, Callable[[Backout, Event], Backout]] = {
    EventKind.CONTROLS_TAKEN: taken,
    EventKind.CONTROLS_ASKED: _asked,
    EventKind.CONTROLS_KEPT: _kept,
    EventKind.CONTROLS_AGREED: _agreed,
    EventKind.CONTROLS_HANDED_OVER: _handed_over,
    EventKind.SESSION_DECLARED_GONE: _declared_gone,
}
