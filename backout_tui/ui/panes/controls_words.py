"""The controls in words: at the head of the screen, in the Next line, and when they change hands. Pure."""

from __future__ import annotations

from datetime import datetime

from backout_tui.domain.backout import Backout
from backout_tui.domain.controls import Holder, Standing, tty_name
from backout_tui.domain.refusal import Refusal
from backout_tui.ui.lines import fit
from backout_tui.ui.link import Seen

_NAME, _SHORT_NAME = 24, 14
"""Cells of a name in a line that nothing may crowd out."""


def who_has_them(backout: Backout, actor: str, no_controls: Refusal | None, standing: Standing) -> tuple[str, str, str]:
    """Who has the controls: words, a tone, and the same shorter."""
    lease = backout.lease
    if no_controls is None or lease is None:
        mine = lease is not None and lease.actor.name == actor and lease.handed is None
        return ("you have the controls", "", "controls: you") if mine else ("the controls are free", "", "")
    if lease.handed is not None:
        return f"the controls are for {lease.handed.to}", "loud", f"controls: {lease.handed.to}"
    if standing.holder is Holder.GONE:
        return f"{lease.actor.name} had the controls", "loud", f"controls: {lease.actor.name}, gone"
    if lease.actor.name == actor:
        where = tty_name(lease.actor) or "elsewhere"
        return f"you have the controls in {where}", "loud", f"controls: {where}"
    return f"{lease.actor.name} has the controls", "loud", f"controls: {lease.actor.name}"


def wanted(backout: Backout, actor: str, standing: Standing) -> tuple[str, str] | None:
    """That somebody asks for the controls, or gave them to this person: in words, and shorter; None for neither."""
    if (asking := standing.asked_by) is not None:
        name, short = _names(asking.actor.name)
        return f"{name} asks for the controls: T agrees, Esc keeps them", f"{short} asks: T agrees, Esc keeps"
    lease = backout.lease
    if lease is not None and lease.handed is not None and lease.handed.to == actor and backout.closed_at is None:
        name, short = _names(lease.actor.name)
        return f"{name} gives you the controls: T takes them", f"T takes {short}'s controls"
    return None


def _names(name: str) -> tuple[str, str]:
    return fit(name, _NAME).rstrip(), fit(name, _SHORT_NAME).rstrip()


def waited_for(backout: Backout, standing: Standing, no_controls: Refusal) -> str:
    """What somebody who looks on is told instead of what is next: the first sentence of why, or what they wait for."""
    if standing.asks is not None and standing.holder is Holder.LIVES and backout.lease is not None:
        return f"you asked {backout.lease.actor.name} for the controls at {_hour(standing.asks.at)}"
    return no_controls.words.partition(". ")[0]


def news(before: Seen, now: Seen) -> str:
    """What has to be said of the controls, now that they are seen as they are; "" for nothing."""
    asked, lease = now.standing.asked_by, now.backout.lease
    if asked is not None and asked != before.standing.asked_by:
        why = f": {asked.why}" if asked.why else ""
        return f"{asked.actor.name} asks for the controls{why}. T agrees, Esc keeps them."
    if came(before, now):
        return "You have the controls now, as you asked."
    if lease is None or now.backout.closed_at is not None:
        return ""
    anew = now.backout.leases != before.backout.leases
    if before.standing.mine and not now.standing.mine and anew:
        where = f" in {tty_name(lease.actor) or 'another terminal'}" if lease.actor.name == now.actor else ""
        who = "You have" if where else f"{lease.actor.name} has"
        return f"Your controls ended at {_hour(lease.since)}: {who} them{where} now."
    if before.standing.asks is not None and now.standing.asks is None and not now.standing.mine and not anew:
        return f"{lease.actor.name} keeps the controls." if lease.handed is None else ""
    return ""


def came(before: Seen, now: Seen) -> bool:
    """Whether the controls came to this session because it had asked for them."""
    return before.standing.asks is not None and now.standing.mine and not before.standing.mine


def _hour(moment: datetime) -> str:
    return moment.strftime("%H:%M UTC")
