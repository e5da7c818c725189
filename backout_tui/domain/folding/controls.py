"""Who has the controls: taken, asked for, agreed to, kept, handed over."""

from __future__ import annotations

from dataclasses import replace

from backout_tui.domain.backout import Backout, Lease
from backout_tui.domain.controls import Asking, Handed
from backout_tui.domain.events import Event


def _taken(backout: Backout, event: Event) -> Backout:
    """A new number; who had asked the one before has to ask anew."""
    number = backout.leases + 1
    lease = Lease(number, event.actor, event.data["session"], event.when)
    return replace(backout, lease=lease, leases=number, askings=())


def _asked(backout: Backout, event: Event) -> Backout:
    asking = Asking(event.seq, event.actor, event.data["session"], event.when, event.data.get("why", ""))
    who = (asking.actor.name, asking.session)
    others = tuple(one for one in backout.askings if (one.actor.name, one.session) != who)
    return replace(backout, askings=(*others, asking))


def _kept(backout: Backout, event: Event) -> Backout:
    answered = event.data["asked"]
    return replace(backout, askings=tuple(one for one in backout.askings if one.event != answered))


def _agreed(backout: Backout, event: Event) -> Backout:
    return _given(backout, Handed(event.when, event.data["to"], event.data["session"], agreed=True))


def _handed_over(backout: Backout, event: Event) -> Backout:
    return _given(backout, Handed(event.when, event.data["to"]))


def _given(backout: Backout, handed: Handed) -> Backout:
    lease = replace(backout.lease, handed=handed) if backout.lease is not None else None
    return replace(backout, lease=lease, askings=())


APPLY = {
    "ControlsTaken": _taken,
    "ControlsAsked": _asked,
    "ControlsKept": _kept,
    "ControlsAgreed": _agreed,
    "ControlsHandedOver": _handed_over,
}
