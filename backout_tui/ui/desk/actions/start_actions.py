"""Starts a backout from the list, with a plan or without one, and filters the list."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from backout_tui.domain.backout.payloads.plan_payloads import hand_over_words
from backout_tui.domain.moments import moment
from backout_tui.domain.plan.plan import Variable
from backout_tui.domain.refusal import REASON, Refusal
from backout_tui.domain.rules.plan_gates import why_not_start
from backout_tui.domain.rules.refused_later import refused_later
from backout_tui.domain.values import replace
from backout_tui.engine import plans, starting
from backout_tui.engine.desk import Desk
from backout_tui.engine.operator import Operator
from backout_tui.engine.planning.former_reading import read_otherwise_now
from backout_tui.engine.plans import Found
from backout_tui.engine.starting import Start
from backout_tui.errors import Refused
from backout_tui.ui.dialogs.ask import Ask
from backout_tui.ui.dialogs.ask_why import ask_why
from backout_tui.ui.dialogs.confirm import Confirm, Section
from backout_tui.ui.dialogs.fields import ChoiceField, Field, TextField
from backout_tui.ui.dialogs.moments_said import moment_past, why_not_past

if TYPE_CHECKING:
    from backout_tui.ui.desk.list_screen import ListScreen

_VARIABLE = "variable "
_DRAFT = "This plan is not approved. A rehearsal needs no approval; starting it live breaks the glass."
_ELSEWHERE = "another environment; empty: all is only shown"
Begin = Callable[[Desk, Start], Operator]


def start_plan(screen: ListScreen, plan_id: int) -> None:
    """Start the plan live or as a rehearsal, after asking what the plan wants to know at the start."""
    screen.work(_start_plan(screen, plan_id))


async def _start_plan(screen: ListScreen, plan_id: int) -> None:
    found = await screen.do(plans.find, str(plan_id))
    if found is None:
        return
    answers = await screen.answer(_start_dialog(found, screen.now()))
    if answers is None:
        return
    how = how_of(answers, screen.now())
    agreed = await _agreed(screen, found, how)
    if agreed is not None:
        await _begin(screen, lambda desk, how: starting.start(desk, str(plan_id), how), agreed)


async def _agreed(screen: ListScreen, found: Found, how: Start) -> Start | None:
    """How to start, with what a draft and an approval of an older reading want first; None if the person left."""
    title = f"start {found.plan.title}"
    refusal = _not_approved(found)
    if refusal is not None and not how.rehearsal:
        answers = await screen.answer(ask_why(title, "start", refusal))
        if answers is None:
            return None
        how = replace(how, reason=answers["reason"], break_glass=True)
    otherwise = await screen.do(read_otherwise_now, found)
    if not otherwise:
        return how if otherwise is not None else None
    sections = [Section("It was approved when its fences were read otherwise", otherwise, "warning")]
    if await screen.answer(Confirm(f"S{title[1:]}", sections, verb="start it as it is read now")) is None:
        return None
    return replace(how, read_anew=True)


def _not_approved(found: Found) -> Refusal | None:
    return why_not_start(stored=True, approved=found.approved, unconfirmed=len(found.unconfirmed))


def _start_dialog(found: Found, now: datetime) -> Ask:
    refusal = _not_approved(found)
    known = found.plan.fact("deployed") or ""
    fields: list[Field] = [
        ChoiceField("mode", "how", ("live", "rehearsal")),
        *([TextField("rehearsed_in", "rehearsed in", hint=_ELSEWHERE)] if _rehearses(found) else []),
        TextField(
            "deployed", "deployed at", known, hint="20 min ago, 01:50, or 2026-11-22 01:50 Europe/London",
            wrong=lambda text: "" if text == known and moment(known) else why_not_past(text, now),
        ),
        *(_variable_field(variable) for variable in found.plan.variables if variable.asked_at_start),
    ]  # fmt: skip
    notes = [*([_DRAFT] if refusal is not None else []), *_handed_over(found), *refused_later(found.plan)]
    return Ask(f"Start {found.plan.title}", fields, note="\n".join(notes), verb="start")


def _handed_over(found: Found) -> list[str]:
    """Whether the plan was handed over to the people who support production, if anybody said so."""
    said, revision = found.record.handed_over, found.revision
    return [f"The plan was {hand_over_words(said, revision.revision)}."] if said and revision else []


def _rehearses(found: Found) -> bool:
    """Whether any of its steps can really run in a rehearsal."""
    return any(step.fact("rehearse") for step in found.plan.every_step())


def _variable_field(variable: Variable) -> TextField:
    return TextField(f"{_VARIABLE}{variable.name}", variable.name, variable.value, required=True)


def how_of(answers: dict[str, str], now: datetime) -> Start:
    """How to start, from the answers of the dialog."""
    variables = {name.removeprefix(_VARIABLE): value for name, value in answers.items() if name.startswith(_VARIABLE)}
    return Start(
        rehearsal=answers["mode"] == "rehearsal",
        rehearsed_in=answers.get("rehearsed_in", "").strip() if answers["mode"] == "rehearsal" else "",
        deployed_at=moment_past(answers.get("deployed", ""), now),
        variables=variables,
    )


def start_without_plan(screen: ListScreen) -> None:
    """Ask for the release and what it returns to; steps are added as they are done."""
    fields: list[Field] = [
        TextField("release", "release", required=True, hint="payments-api 4.12.0"),
        TextField("returns_to", "returns to", required=True, hint="4.11.3"),
        TextField("environment", "environment", "production"),
        ChoiceField("mode", "how", ("live", "rehearsal")),
    ]
    note = "Nobody wrote a plan: add the steps as you do them (a), and say how you know that it worked."
    screen.ask(Ask("Start without a plan", fields, note=note, verb="start"), partial(_start_without_plan, screen))


async def _start_without_plan(screen: ListScreen, answers: dict[str, str]) -> None:
    release, returns_to, environment = answers["release"], answers["returns_to"], answers["environment"]

    def begin(desk: Desk, how: Start) -> Operator:
        return starting.start_without_plan(desk, release, returns_to, environment, how)

    await _begin(screen, begin, how_of(answers, screen.now()))


async def _begin(screen: ListScreen, begin: Begin, how: Start) -> None:
    """Start the backout and go to the dashboard; ask once before a second backout of the same release."""
    outcome = await screen.do(_begun, begin, how)
    if isinstance(outcome, Refusal) and outcome.lifted_by == REASON:
        answers = await screen.answer(ask_why("Start a second backout", "start it", outcome))
        if answers is None:
            return
        outcome = await screen.do(_begun, begin, replace(how, reason=answers["reason"]))
    if isinstance(outcome, Refusal):
        screen.say(outcome.words, warning=True)
    elif outcome is not None:
        screen.leave_for(outcome)


def _begun(desk: Desk, begin: Begin, how: Start) -> int | Refusal:
    """Return the id of the backout that was started, or the gate's refusal."""
    try:
        operator = begin(desk, how)
    except Refused as refused:
        return Refusal(refused.reason, refused.lifted_by)
    number = operator.backout.id
    operator.close()
    return number


def filter_list(screen: ListScreen) -> None:
    """Show only the rows that contain a text."""
    field = TextField("text", "rows that hold", screen.text, hint="nothing: all rows")
    screen.ask(Ask("Filter", [field], verb="show them"), partial(_filter, screen))


async def _filter(screen: ListScreen, answers: dict[str, str]) -> None:
    screen.text = answers["text"]
    await screen.look_again()
