"""Sentences for the controls: taken, asked for, agreed to, kept, handed over."""

from __future__ import annotations

from collections.abc import Mapping

from backout_tui.domain.backout.payloads.backout_payloads import (
    Adopted,
    Agreed,
    Asked,
    DeclaredGone,
    HandedOver,
    Kept,
    Taken,
)
from backout_tui.domain.backout.payloads.kinds import EventKind
from backout_tui.reports.sentences.piece_sentences import Sentence, saying, with_reason


def _how(said: Taken) -> str:
    """From whom the controls came, and whether that person agreed, gave them, or was not waited for."""
    if said.agreed_by:
        return f" as agreed by {said.agreed_by}"
    if said.handed_by:
        return f" that {said.handed_by} handed over"
    if said.from_terminal:
        return f" from their own other terminal ({said.from_terminal})"
    if not (before := said.from_):
        return ""
    if said.unanswered_s is not None:
        return f" from {before}, who had not answered for {said.unanswered_s} s"
    return (
        f" from {before} WITHOUT WAITING for an answer"
        if said.holder_lived
        else f" from {before}, whose session was gone"
    )


def _declared_gone(said: DeclaredGone) -> str:
    where = f" on {said.host}" if said.host else ""
    gone = f"declared gone the session of {said.holder}{where}, which cannot be asked from here"
    return with_reason(gone, said.reason)


def _adopted(said: Adopted) -> str:
    doubt = said.in_doubt
    ran = f"; {len(doubt)} that ran when it was made {'is' if len(doubt) == 1 else 'are'} in doubt" if doubt else ""
    return with_reason(f"adopted this copy of the database, and took the controls{ran}", said.reason)


SENTENCES: Mapping[str, Sentence] = {
    EventKind.CONTROLS_TAKEN: saying(Taken, lambda said: with_reason(f"took the controls{_how(said)}", said.reason)),
    EventKind.DATABASE_ADOPTED: saying(Adopted, _adopted),
    EventKind.CONTROLS_ASKED: saying(Asked, lambda said: with_reason("asked for the controls", said.why)),
    EventKind.CONTROLS_AGREED: saying(Agreed, lambda said: f"agreed that {said.to} takes the controls"),
    EventKind.CONTROLS_KEPT: saying(Kept, lambda said: f"kept the controls, for which {said.to} had asked"),
    EventKind.SESSION_DECLARED_GONE: saying(DeclaredGone, _declared_gone),
    EventKind.CONTROLS_HANDED_OVER: saying(
        HandedOver, lambda said: f"handed the controls over to {said.to or 'whoever comes'}"
    ),
}
