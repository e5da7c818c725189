"""The controls in words: at the top of the screen, in the Next line, and when they change hands. Pure."""

from __future__ import annotations

from datetime import datetime

from backout_tui.domain.backout.holders import ANSWER_S, Gone, Holder, Standing, tty_name
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.refusal import Refusal
from backout_tui.ui.night.seen import Seen
from backout_tui.ui.widgets.lines import fit

_NAME, _SHORT_NAME = 24, 14
"""Cells of a name in a line that nothing may displace."""


def who_has_them(backout: Backout, actor: str, no_controls: Refusal | None, standing: Standing) -> tuple[str, str, str]:
    """Who has the controls: the words, a tone, and a shorter form."""
    lease = backout.lease
    if no_controls is None or lease is None:
        return _ours_or_free(standing)
    if backout.copied:
        return f"{lease.actor.name} had the controls", "", "controls: nobody"
    if lease.handed is not None:
        return f"the controls are for {lease.handed.to}", "loud", f"controls: {lease.handed.to}"
    if standing.holder is Holder.GONE:
        return f"{lease.actor.name} had the controls", "loud", f"controls: {lease.actor.name}, gone"
    if standing.holder is Holder.AWAY and lease.actor.name != actor:
        return f"{lease.actor.name} has the controls on {lease.actor.host}", "loud", f"controls: {lease.actor.name}"
    if lease.actor.name == actor:
        where = tty_name(lease.actor) or "elsewhere"
        return f"you have the controls in {where}", "loud", f"controls: {where}"
    return f"{lease.actor.name} has the controls", "loud", f"controls: {lease.actor.name}"


def _ours_or_free(standing: Standing) -> tuple[str, str, str]:
    """The words for a person who may write: they have the controls, or their first write takes them.

    If their own session was killed, the words say that they had the controls.
    """
    if standing.mine:
        return "you have the controls", "", "controls: you"
    words = "you had the controls" if standing.holder is Holder.GONE else "the controls are free"
    return words, "", "controls: free"


def wanted(backout: Backout, actor: str, standing: Standing) -> tuple[str, str] | None:
    """Say that somebody asks for the controls or gave them to this person, in a long and a short form, or None."""
    if (asking := standing.asked_by) is not None:
        name, short = _names(asking.actor.name)
        if (standing.waited_s or 0) >= ANSWER_S:
            return f"{name} may take the controls now: T agrees, Esc keeps them", f"{short} asks: T agrees, Esc keeps"
        until = f"{asking.answer_by:%H:%M:%S UTC}"
        words = f"{name} asks for the controls until {until}: T agrees, Esc keeps them"
        return words, f"{short} asks: T agrees, Esc keeps"
    lease = backout.lease
    if lease is not None and lease.handed is not None and lease.handed.to == actor and backout.closed_at is None:
        name, short = _names(lease.actor.name)
        return f"{name} gives you the controls: T takes them", f"T takes {short}'s controls"
    return None


def _names(name: str) -> tuple[str, str]:
    return fit(name, _NAME).rstrip(), fit(name, _SHORT_NAME).rstrip()


def waited_for(backout: Backout, standing: Standing, no_controls: Refusal) -> str:
    """What someone looking on reads instead of the next step: why they cannot write, or what they wait for."""
    if standing.asks is not None and standing.holder in (Holder.LIVES, Holder.AWAY) and backout.lease is not None:
        asked = f"you asked {backout.lease.actor.name} for the controls at {_hour(standing.asks.at)}"
        if (standing.waited_s or 0) >= ANSWER_S:
            return f"{asked}: no answer, so T takes them with a reason"
        return f"{asked}; T takes them from {standing.asks.answer_by:%H:%M:%S} on"
    return no_controls.words.partition(". ")[0]


def news(before: Seen, now: Seen) -> str:
    """What to say about the controls after a change; "" for nothing."""
    asked, lease = now.standing.asked_by, now.backout.lease
    if asked is not None and asked != before.standing.asked_by:
        why = f": {asked.why}" if asked.why else ""
        until = f"{asked.answer_by:%H:%M:%S UTC}"
        return f"{asked.actor.name} asks for the controls{why}. T agrees, Esc keeps them; answer by {until}."
    if came(before, now):
        return "You have the controls now, as you asked."
    if lease is None or now.backout.closed_at is not None:
        return ""
    if now.standing.mine and lease.gone is not None and lease.gone != _gone(before):
        words = f"{lease.gone.by} declared your session gone: {lease.gone.reason}."
        return f"{words} You have the controls until they take them; tell them that you are here (n)."
    anew = now.backout.leases != before.backout.leases
    if before.standing.mine and not now.standing.mine and anew:
        where = f" in {tty_name(lease.actor) or 'another terminal'}" if lease.actor.name == now.actor else ""
        who = "You have" if where else f"{lease.actor.name} has"
        return f"Your controls ended at {_hour(lease.since)}: {who} them{where} now."
    if anew and before.why_not_act is None and now.why_not_act is not None:
        return now.why_not_act.words  # they were free, and somebody else wrote first
    if before.standing.asks is not None and now.standing.asks is None and not now.standing.mine and not anew:
        return f"{lease.actor.name} keeps the controls." if lease.handed is None else ""
    return ""


def _gone(seen: Seen) -> Gone | None:
    return seen.backout.lease.gone if seen.backout.lease is not None else None


def came(before: Seen, now: Seen) -> bool:
    """Whether this session got the controls because it had asked for them."""
    return before.standing.asks is not None and now.standing.mine and not before.standing.mine


def _hour(moment: datetime) -> str:
    return moment.strftime("%H:%M UTC")
