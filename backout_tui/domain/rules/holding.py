"""Who has the controls, in words: why someone else has them, and what taking them requires."""

from __future__ import annotations

from datetime import datetime

from backout_tui.domain.backout.holders import ANSWER_S, Asking, tty_name
from backout_tui.domain.backout.state import Backout, Lease
from backout_tui.domain.backout.whereabouts import Machine
from backout_tui.domain.moments import hour_utc
from backout_tui.domain.spans import in_words


def held_otherwise(
    lease: Lease | None,
    name: str,
    *,
    holder_lives: bool,
    gone: bool = False,
    session: str | None = None,
    away: bool = False,
    now: datetime | None = None,
) -> str:
    """Why `name` doesn't have the controls, in words; "" if they have them, or may simply take them.

    `gone`: the holder ended without leaving. `away`: it cannot be asked from here whether the holder lives, so the
    answer is taken to be yes. `session` is a dashboard's own: it needs the controls itself, while a `do` (None) acts
    under any living dashboard of the same name. `now` says which hours are of another day.
    """
    if lease is None:
        return ""
    who, since = lease.actor.name, hour_utc(lease.since, now or lease.since)
    if lease.handed is not None:
        to, at = lease.handed.to, hour_utc(lease.handed.at, now or lease.handed.at)
        return "" if to in ("", name) else f"{who} gave the controls to {to} at {at}. Take them with a reason (T)."
    if who == name:
        if session in (None, lease.session) or not holder_lives:
            return ""
        where = f" ({tty_name(lease.actor)})" if lease.actor.tty else ""
        return f"You have the controls in another terminal since {since}{where}. Take them here (T)."
    if away:
        host = lease.actor.host or "another host"
        then = "Ask for them, or declare that session gone with a reason (T)."
        return f"{who} has the controls since {since} on {host}, out of reach from here. {then}"
    if holder_lives:
        then = f"after {ANSWER_S} s without an answer you can take them with a reason"
        return f"{who} has the controls since {since}. Ask for them (T); {then}."
    if not gone:
        return ""
    declared = f" ({lease.gone.by} declared it gone: {lease.gone.reason})" if lease.gone is not None else ""
    return f"{who} had the controls; their session is gone{declared}. Take them with a reason (T)."


def needs_reason(backout: Backout, name: str, *, held: bool) -> bool:
    """Whether taking the controls needs a reason: somebody else has them (`held`), or was given them."""
    lease = backout.lease
    return held and lease is not None and (lease.actor.name != name or lease.handed is not None)


def waited_s(asking: Asking, now: datetime, mono_ns: int, here: Machine) -> int:
    """How many seconds `asking` has waited for its answer; within one boot, jumps of the clock don't count."""
    if asking.mono_ns and asking.on.boot and asking.on.boot == here.boot:
        return max(0, (mono_ns - asking.mono_ns) // 1_000_000_000)
    return max(0, int((now - (asking.since or asking.at)).total_seconds()))


def still_to_wait(name: str, waited: int | None) -> str:
    """Why the controls of `name`, who is alive, cannot be taken yet; "" after their time to answer is over."""
    if waited is None:
        todo = "Ask for them first (T, or take-over --ask)"
        then = f"If there is no answer within {ANSWER_S} s, you can take them with a reason."
        return f"{name} has the controls. {todo}. {then}"
    if waited >= ANSWER_S:
        return ""
    left = ANSWER_S - waited
    then = "then you can take the controls with a reason"
    return f"{name} was asked {in_words(waited)} ago. Wait another {in_words(left)} for an answer; {then}."
