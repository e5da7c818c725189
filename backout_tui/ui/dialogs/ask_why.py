"""Asks for what several actions need: a reason, and names."""

from __future__ import annotations

from collections.abc import Sequence

from backout_tui.domain.backout.state import Backout
from backout_tui.domain.plan.authorisers import authorisers
from backout_tui.domain.refusal import BREAK_GLASS, Refusal
from backout_tui.ui.dialogs.ask import Ask
from backout_tui.ui.dialogs.fields import Field, TextField

GLASS = (
    "Breaking the glass is a record of its own, and comes first in the review."
    " A message to the authoriser is prepared; you send it."
)


def ask_why(
    title: str,
    verb: str,
    refusal: Refusal | None = None,
    *,
    label: str = "why",
    fields: Sequence[Field] = (),
) -> Ask:
    """Ask for one reason, or for `fields`; a refusal that the reason lifts stands above them."""
    asked = fields or [TextField("reason", label, required=True)]
    if refusal is None:
        return Ask(title, asked, verb=verb)
    if refusal.lifted_by == BREAK_GLASS:
        return Ask(f"Break the glass: {title}", asked, note=f"{refusal.words}\n{GLASS}", verb="break the glass")
    return Ask(title, asked, note=refusal.words, verb=verb)


def names_of(backout: Backout) -> tuple[str, ...]:
    """Everybody whom the plan names, for a field that takes a person."""
    return tuple(dict.fromkeys(contact.name for contact in backout.plan.contacts))


def deciders_of(backout: Backout) -> tuple[str, ...]:
    """The people who may decide by the plan, then everybody else it names."""
    return tuple(dict.fromkeys((*authorisers(backout.plan), *names_of(backout))))
