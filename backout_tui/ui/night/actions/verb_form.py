"""Makes a verb's dialog from its row, and does the verb with the answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from backout_tui.domain.backout.items import CheckState
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.plan.near_names import remark
from backout_tui.domain.refusal import BREAK_GLASS, Refusal
from backout_tui.engine.operator import Operator, Receipt
from backout_tui.engine.verbs.table.verb import Kind, Verb, VerbField
from backout_tui.ui.dialogs.ask import Ask
from backout_tui.ui.dialogs.ask_why import GLASS, names_of
from backout_tui.ui.dialogs.fields import ChoiceField, Field, TextField
from backout_tui.ui.dialogs.moments_said import moment_past, moment_to_come, why_not_past, why_not_to_come
from backout_tui.ui.night.actions.deviating import beside, reason_fields
from backout_tui.ui.night.board import Board

UNKNOWN = "unknown"
"""What people type for a moment that they do not know: then it is not asked for again."""


def dialog_of(board: Board, verb: Verb, words: Mapping[str, str], refusal: Refusal | None = None) -> Ask:
    """The dialog that asks for the row's fields; `words` fill its sentences, a refusal that it lifts comes first."""
    title, note = verb.title.format_map(words), verb.note.format_map(words)
    fields = fields_of(board, verb)
    if refusal is None:
        return Ask(title, fields, note=note, verb=verb.enter)
    if refusal.lifted_by == BREAK_GLASS:
        glass = f"{refusal.words}\n{GLASS}"
        return Ask(f"Break the glass: {title}", fields, note=glass, verb="break the glass")
    return Ask(title, fields, note=refusal.words, verb=verb.enter)


def words_of(board: Board, verb: Verb) -> dict[str, str]:
    """The values for the names in a row's sentences at this moment; the answers are added later."""
    on, at = board.situation.target(verb.on) if verb.on else "", board.situation
    things = {"step": at.step, "check": at.check, "message": at.message, "problem": at.backout.problem(on or "")}
    thing = things.get(verb.on)
    seen = _seen(thing) if isinstance(thing, CheckState) else ""
    return {"on": on or "", "what": thing.title if thing is not None else "", "seen": seen}


def _seen(check: CheckState) -> str:
    """What to look at, and what was seen last."""
    last = check.observations[-1] if check.observations else None
    words = f"Last: {last.verdict}, {last.note} ({last.by})" if last is not None else ""
    return "\n".join(filter(None, (check.instruction.strip(), words)))


def fields_of(
    board: Board, verb: Verb, begin: Mapping[str, str] | None = None, **choices: tuple[str, ...]
) -> list[Field]:
    """The fields that the dialog asks for; `begin` holds their first texts, `choices` those known only now."""
    fields: list[Field] = []
    for one in verb.fields:
        if not one.in_dialog:
            continue
        if one.name == "reason" and verb.deviation:
            fields += reason_fields(board.truth, one.prompt, required=one.required)
        else:
            fields.append(field_of(board, one, (begin or {}).get(one.name, ""), choices.get(one.name, ())))
    return fields


def field_of(board: Board, field: VerbField, begin: str = "", choices: tuple[str, ...] = ()) -> Field:
    """One field of a row, as a dialog asks for it."""
    if field.kind is Kind.CHOICE:
        return ChoiceField(field.name, field.prompt, choices or field.choices, begin or field.default, field.hint)
    return TextField(
        field.name, field.prompt, begin or field.default, required=field.required or field.filled, hint=field.hint,
        suggestions=choices or _suggested(field, board.truth), lines=field.lines, wrong=_wrong(board, field),
        remark=partial(remark, board.truth.plan, actors=(board.situation.actor,)) if field.contact else None,
    )  # fmt: skip


def _suggested(field: VerbField, backout: Backout) -> tuple[str, ...]:
    if field.kind is Kind.PERSON:
        return names_of(backout)
    if field.kind is Kind.PEOPLE:
        groups = dict.fromkeys(group for contact in backout.plan.contacts for group in contact.groups)
        return (*groups, *names_of(backout))
    return tuple(backout.steps) if field.kind is Kind.STEP else ()


def _wrong(board: Board, field: VerbField) -> Callable[[str], str] | None:
    rules: Mapping[Kind, Callable[[str], str]] = {
        Kind.AHEAD: lambda text: why_not_to_come(text, board.now()),
        Kind.BEHIND: lambda text: "" if text.strip() == UNKNOWN else why_not_past(text, board.now()),
        Kind.STEP: lambda text: "" if text.strip() in board.truth.steps else f"There is no step {text}.",
    }
    return rules.get(field.kind)


def _value(board: Board, field: VerbField, answer: str) -> object:
    """Convert an answer to what the verb's function takes."""
    now = board.now()
    if field.kind is Kind.AHEAD:
        return moment_to_come(answer, now)
    if field.kind is Kind.BEHIND:
        return moment_past(answer, now)
    if field.kind is Kind.PEOPLE:
        return tuple(name.strip() for name in answer.split(",") if name.strip())
    return answer


def remarks(board: Board, verb: Verb, answers: Mapping[str, str]) -> str:
    """What is remarked on the people in these answers, after a blank; "" when there is nothing."""
    named = [answers[one.name] for one in verb.fields if one.contact and one.name in answers]
    said = (remark(board.truth.plan, name, (board.situation.actor,)) for name in named)
    return "".join(f" {words}" for words in said if words)


async def do_verb(
    board: Board, verb: Verb, answers: Mapping[str, str], *, on: str = "", glass: bool = False, **more: Any
) -> Receipt | None:
    """Do what the row says with these answers; None when it was refused, which the person was told."""
    given: dict[str, Any] = {
        one.name: _value(board, one, answers[one.name]) for one in verb.fields if one.name in answers
    }
    if verb.deviation:
        given["beside"] = beside(answers)
    if verb.glass:
        given["break_glass"] = glass

    def wish(operator: Operator) -> Receipt:
        receipt: Receipt = verb.function(operator, *([on] if verb.on else []), **given, **more)
        return receipt

    return await board.do(wish)
