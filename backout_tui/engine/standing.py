"""Where a session stands with the controls: what its lock files say of whoever had them, and of whoever asks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from backout_tui.domain.backout import Backout, Lease
from backout_tui.domain.controls import Asking, Holder, Standing, tty_name
from backout_tui.domain.events import Actor
from backout_tui.engine.session import state_of


def standing(
    backout: Backout, me: Actor, *, session: str, holder: Holder, joins: bool, asks: Callable[[Asking], bool]
) -> Standing:
    """Where `session` of `me` stands, while what is true of the last holder is `holder`.

    `joins`: it is no dashboard, and acts under the living one of its own person. `asks`: whether somebody still asks.
    """
    lease = backout.lease
    mine = lease is not None and holder is Holder.LIVES and (lease.session == session or (joins and _same(lease, me)))
    living = [one for one in backout.askings if asks(one)]
    own = next((one for one in living if one.session == session), None)
    return Standing(
        holder=holder,
        mine=mine,
        asked_by=next((one for one in reversed(living) if one.session != session), None) if mine else None,
        asks=None if mine else own,
        session=session,
    )


def asks_still(database: Path, asking: Asking, here: str) -> bool:
    """Whether somebody still asks: it lapses when the session ends that asked. Without one it stays until answered."""
    if not asking.session or asking.actor.host != here:
        return True
    return state_of(database, asking.session) is Holder.LIVES


def how_taken(lease: Lease | None, holder: Holder, me: Actor) -> dict[str, Any]:
    """What the record of a taking says of whoever had the controls: that they gave them, or whether they lived."""
    if lease is None:
        return {}
    if lease.handed is not None:
        return {"agreed_by" if lease.handed.agreed else "handed_by": lease.actor.name}
    if holder is Holder.FREE:
        return {}
    if lease.actor.name == me.name:
        return {"from_terminal": tty_name(lease.actor) or "another"}
    return {"from": lease.actor.name, "holder_lived": holder is Holder.LIVES}


def _same(lease: Lease, me: Actor) -> bool:
    return (lease.actor.name, lease.actor.host) == (me.name, me.host)
