"""Questions about who has the controls, for the gates: in words why it is somebody else, and what taking them wants."""

from __future__ import annotations

from backout_tui.domain.backout import Backout, Lease
from backout_tui.domain.controls import tty_name


def held_otherwise(
    lease: Lease | None, name: str, *, holder_lives: bool, gone: bool = False, session: str | None = None
) -> str:
    """Why `name` has not the controls, in words; "" when they have them, or may simply take them.

    `gone`: whoever had them ended without leaving. `session` is a dashboard's own: it needs them for itself, while a
    `do` (None) acts under any living dashboard of the same name.
    """
    if lease is None:
        return ""
    who, since = lease.actor.name, lease.since.strftime("%H:%M UTC")
    if lease.handed is not None:
        to, at = lease.handed.to, lease.handed.at.strftime("%H:%M UTC")
        return "" if to in ("", name) else f"{who} gave the controls to {to} at {at}. Take them with a reason (T)."
    if who == name:
        if session in (None, lease.session) or not holder_lives:
            return ""
        where = f" ({tty_name(lease.actor)})" if lease.actor.tty else ""
        return f"You have the controls in another terminal since {since}{where}. Take them here (T)."
    if holder_lives:
        return f"{who} has the controls since {since}. Ask for them (T), or take them over with a reason."
    return f"{who} had the controls; their session is gone. Take them with a reason (T)." if gone else ""


def needs_reason(backout: Backout, name: str, *, held: bool) -> bool:
    """Whether taking the controls wants a reason: somebody else has them (`held`), or was given them."""
    lease = backout.lease
    return held and lease is not None and (lease.actor.name != name or lease.handed is not None)
