"""A session's position with the controls, from the lock files of their last holder and of whoever asks for them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from backout_tui.domain.backout.events import Actor
from backout_tui.domain.backout.holders import Asking, Holder, Standing, tty_name
from backout_tui.domain.backout.state import Backout, Lease
from backout_tui.domain.backout.whereabouts import Machine
from backout_tui.engine.session.session import state_of
from backout_tui.store.file.lock_holder import holder


def standing(
    backout: Backout,
    me: Actor,
    *,
    session: str,
    holder: Holder,
    joins: bool,
    asks: Callable[[Asking], bool],
    waiting: Callable[[Asking], int],
) -> Standing:
    """The position of `session` of `me`, while the last holder's state is `holder`.

    `joins` means that it is not a dashboard, and acts under its own person's living one. `asks` tells whether a person
    who asked is still asking; `waiting` for how many seconds.
    """
    lease = backout.lease
    same = lease is not None and (lease.session == session or (joins and lease.actor.name == me.name))
    mine = same and holder is Holder.LIVES
    living = [one for one in backout.askings if asks(one)]
    waited = max((waiting(one) for one in living), default=None)
    own = next((one for one in living if one.session == session), None)
    return Standing(
        holder=holder,
        mine=mine,
        asked_by=next((one for one in reversed(living) if one.session != session), None) if mine else None,
        asks=None if mine else own,
        session=session,
        waited_s=waited,
    )


def asks_still(database: Path, asking: Asking, here: Machine) -> bool:
    """Whether the request is still open: it lapses when its session ends. Without a session it stays until answered."""
    if not asking.session:
        return True
    return state_of(database, asking.session, asking.lock, asking.on, here) in (Holder.LIVES, Holder.AWAY)


def how_taken(lease: Lease | None, standing: Standing, me: Actor) -> dict[str, Any]:
    """What the record of a taking says about the previous holder: that they gave the controls, or were alive.

    If they were alive, or if that can't be seen, it also says for how long they had not answered. For the same person
    it names only the other terminal.
    """
    if lease is None:
        return {}
    if lease.handed is not None:
        return {"agreed_by" if lease.handed.agreed else "handed_by": lease.actor.name}
    if standing.holder is Holder.FREE:
        return {}
    if lease.actor.name == me.name:
        return {"from_terminal": tty_name(lease.actor) or "another"}
    lived = {Holder.LIVES: True, Holder.AWAY: None}.get(standing.holder, False)
    waited = {"unanswered_s": standing.waited_s} if lived is not False and standing.waited_s is not None else {}
    return {"from": lease.actor.name, "holder_lived": lived, **waited}


def lock_holder(database: Path) -> str:
    """The process that has the database locked just now, in words; "" when none is known."""
    return holder(database)
