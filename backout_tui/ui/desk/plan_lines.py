"""One plan as lines to read: how ready it is, what people said about it, its text. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo

from backout_tui.domain.backout.payloads.plan_payloads import hand_over_words
from backout_tui.domain.plan.readiness import Question
from backout_tui.engine.planning.foldback import not_folded_words
from backout_tui.ui.desk.plan_seen import PlanSeen
from backout_tui.ui.widgets.glyphs import glyph
from backout_tui.ui.widgets.text_view import Line

_LONGEST = 54
"""Characters shown of an answer; the text below has all of it."""


def plan_lines(seen: PlanSeen, zone: tzinfo | None) -> Iterator[Line]:
    """The lines of the whole screen; times are in `zone`."""
    yield from _state(seen, zone)
    yield Line("")
    answered = sum(question.answered for question in seen.questions)
    yield Line(f"The nine questions · {answered} of 9 answered", "heading")
    yield from map(_question, seen.questions)
    yield Line("")
    yield Line("Revisions", "heading")
    yield from _revisions(seen, zone)
    yield Line("")
    yield Line("The text", "heading")
    for line in seen.found.text.rstrip("\n").split("\n"):
        yield Line(f"  {line}", "strong" if line.startswith("#") else "")


def _state(seen: PlanSeen, zone: tzinfo | None) -> Iterator[Line]:
    found = seen.found
    approval = found.record.approval_of(found.revision.sha256) if found.revision is not None else None
    if approval is not None and found.approved:
        when = approval.at.astimezone(zone)
        yield Line(
            f"{glyph('done')} Approved by {approval.by}, {when:%d %b %Y %H:%M}, SHA-256 {approval.sha256}", "done"
        )
        if approval.despite:
            yield Line(f"  {approval.words}", "warning")
        for words in seen.read_otherwise:
            yield Line(f"{glyph('problem')} Read otherwise than when it was approved: {words} (A)", "warning")
    else:
        yield Line(f"{glyph('pending')} Approved" if found.approved else f"{glyph('pending')} Not approved", "warning")
    if found.record.inherited:
        yield from _review(seen)
    if (said := found.record.handed_over) is not None and found.revision is not None:
        fits = bool(said.accepted_by) and said.revision == found.revision.revision
        words = hand_over_words(said, found.revision.revision)
        yield Line(f"{glyph('done' if fits else 'pending')} {words[:1].upper()}{words[1:]}", "done" if fits else "")
    yield Line(*findings_words(seen))
    if words := not_folded_words(seen.undealt):
        yield Line(f"{glyph('problem')} {words[:1].upper()}{words[1:]} (F)", "warning")


def _review(seen: PlanSeen) -> Iterator[Line]:
    left, inherited = len(seen.found.unconfirmed), sum(map(seen.found.record.is_inherited, seen.items))
    source = seen.found.record.source
    how = "inherited" if source is not None else "folded back"
    said = f"{left} of {inherited} {how} items to confirm" if left else f"Every {how} item is confirmed"
    yield Line(f"{glyph('pending' if left else 'done')} {said}", "warning" if left else "done")
    if source is not None:
        yield Line(f"  Derived from {source}")


def findings_words(seen: PlanSeen) -> tuple[str, str]:
    """What the check found, in numbers, and the tone for it."""
    errors = sum(one.severity == "error" for one in seen.checked.findings)
    warnings = len(seen.checked.findings) - errors
    counted = [
        f"{number} {what}{'s' if number != 1 else ''}"
        for number, what in ((errors, "error"), (warnings, "warning"))
        if number
    ]
    if not counted:
        return f"{glyph('done')} The check finds nothing wrong", "done"
    return (
        f"{glyph('failed' if errors else 'pending')} The check finds {', '.join(counted)}",
        "failed" if errors else "",
    )


def _question(question: Question) -> Line:
    answer = question.answer.replace("\n", " ") or "open"
    answer = answer if len(answer) <= _LONGEST else f"{answer[: _LONGEST - 1]}…"
    mark = glyph("done" if question.answered else "pending")
    return Line(f"  {mark} {question.id} {question.title:<14} {answer}", "" if question.answered else "warning")


def _revisions(seen: PlanSeen, zone: tzinfo | None) -> Iterator[Line]:
    for one in reversed(seen.found.record.revisions):
        why = f": {one.reason}" if one.reason else ""
        yield Line(f"  {one.revision:>3}  {one.at.astimezone(zone):%d %b %Y %H:%M}  {one.by}  {one.what}{why}")
