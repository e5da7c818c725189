"""The end: whether the backout worked, what is left open, and the close."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from backout_tui.domain.backout.choices import OUTCOMES, Outcome
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.plan.judgement import few, said_in
from backout_tui.domain.refusal import REASON
from backout_tui.domain.rules import afterwards, gates, outstanding
from backout_tui.domain.rules.next_wish import due_messages
from backout_tui.domain.values import replace
from backout_tui.engine.verbs import decision_verbs, note_verbs
from backout_tui.engine.verbs.table.verb_table import verb_of
from backout_tui.ui.dialogs.ask import Ask
from backout_tui.ui.dialogs.fields import ChoiceField, Field
from backout_tui.ui.dialogs.read_and_ask import ReadAndAsk
from backout_tui.ui.night.actions.verb_form import do_verb, field_of, fields_of
from backout_tui.ui.night.board import Board

_MOST = 6
"""The lines of a section that a dialog shows; the brief has all of them."""


def verdict(board: Board) -> None:
    """Record whether the backout worked."""
    decision, verb = board.truth.decision, verb_of("verdict")
    usual = decision.kind.usual if decision is not None else Outcome.STOOD_DOWN
    against = gates.why_not_verdict(board.truth, usual)
    note = "\n".join([*success(board.truth), *([against.words] if against is not None else []), *_told(board.truth)])
    dialog = Ask(verb.title, fields_of(board, verb, {"outcome": usual}), note=note, verb=verb.enter)
    dialog.refuses = partial(_why_no_verdict, board)
    board.ask(dialog, partial(_verdict, board))


def _why_no_verdict(board: Board, answers: Mapping[str, str]) -> tuple[str, str] | None:
    """The field to change and why, while the gate refuses this verdict."""
    lifted = {REASON} if answers["reason"].strip() else ()
    refusal = gates.why_not_verdict(board.truth, answers["outcome"], lifted, board.seen.away)
    if refusal is None:
        return None
    return "reason" if refusal.lifted_by == REASON else "outcome", refusal.words


def success(backout: Backout) -> list[str]:
    """When the plan calls it a success; nothing if it doesn't say so."""
    said = few(said_in(backout.plan.success), _MOST)
    return ["It is a success when:", *(f"  - {one}" for one in said)] if said else []


async def _verdict(board: Board, answers: dict[str, str]) -> None:
    verb = verb_of("verdict")
    receipt = await do_verb(board, verb, answers)
    if receipt is None:
        return
    board.recorded()
    board.say(verb.said.format(**answers))
    if any(due_messages(receipt.backout)):
        return  # people are told first: the Next line says so, and the close would only list the message as left open
    closing = await board.answer(_close_dialog(board, receipt.backout))
    if closing is not None:
        await _close(board, closing)


def close(board: Board) -> None:
    """Close the backout; one list shows what is left open."""
    board.ask(_close_dialog(board, board.truth), partial(_close, board))


def _close_dialog(board: Board, backout: Backout) -> Ask:
    """Show what is left open in one list, which a reason covers, and what the plan wants done afterwards."""
    left, verb = outstanding.left_open(backout), verb_of("close")
    said = backout.verdict.outcome if backout.verdict is not None else OUTCOMES[0]
    fields = [
        replace(field, label="reason for closing", required=True) if field.name == "reason" and left else field
        for field in fields_of(board, verb, {"outcome": said})
    ]
    note = [*_told(backout)]
    note += ["Left open:", *(f"  {one}" for one in left)] if left else ["Nothing is left open."]
    after = few(said_in(backout.plan.after), _MOST)
    note += ["After the backout:", *(f"  - {one}" for one in after)] if after else []
    dialog = ReadAndAsk(verb.title, note, fields, verb=verb.enter)
    dialog.refuses = partial(_why_not_closed, board)
    return dialog


def _why_not_closed(board: Board, answers: Mapping[str, str]) -> tuple[str, str] | None:
    """The same for the close, which may give another verdict."""
    said = board.truth.verdict
    anew = said is None or said.outcome != answers["outcome"]
    if anew and (no_verdict := _why_no_verdict(board, answers)) is not None:
        return no_verdict
    lifted = {REASON} if answers["reason"].strip() else frozenset[str]()
    refusal = gates.why_not_close(board.truth, outcome=answers["outcome"], lifted=lifted, away=board.seen.away)
    return ("reason", refusal.words) if refusal is not None else None


def _told(backout: Backout) -> Iterator[str]:
    """What was done after it was looked at, each in a sentence."""
    return (f"{one[:1].upper()}{one[1:]}." for one in afterwards.verdict_words(backout))


async def _close(board: Board, answers: dict[str, str]) -> None:
    said = board.truth.verdict
    anew = answers["outcome"] if said is None or said.outcome != answers["outcome"] else ""
    if await board.do(decision_verbs.close, outcome=anew, reason=answers["reason"]) is not None:
        taught = "" if board.truth.live else " What it observed: Ctrl+P, fold back."
        board.say(f"Closed. The log is complete (l).{taught} u reopens it, q leaves.")


def complete_reason(board: Board) -> None:
    """Complete a reason of that night that says too little; both stay in the log."""
    thin, verb = board.truth.thin_reasons, verb_of("reason")
    choices = tuple(f"{one.what}: {one.reason} (event {one.event})" for one in thin)
    seq, text = verb.field("seq"), verb.field("text")
    fields: list[Field] = [ChoiceField(seq.name, seq.prompt, choices), field_of(board, text)]
    events = {choice: one.event for choice, one in zip(choices, thin, strict=True)}
    board.ask(Ask(verb.title, fields, note=verb.note, verb=verb.enter), partial(_complete, board, events))


async def _complete(board: Board, events: Mapping[str, int], answers: dict[str, str]) -> None:
    seq = events[answers["seq"]]
    if await board.do(note_verbs.complete_reason, seq, answers["text"]) is not None:
        left = len(board.truth.thin_reasons)
        board.say(f"The reason of event {seq} is completed{f'; {left} left (Ctrl+P)' if left else ''}.")
