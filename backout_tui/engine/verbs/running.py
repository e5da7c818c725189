"""Running a step's command, and stopping it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from backout_tui.domain import gates
from backout_tui.domain.backout import Backout
from backout_tui.domain.capturing import capture_of
from backout_tui.domain.conditions import conditions_of
from backout_tui.domain.doubt import Life, doubtful_attempt, life_words
from backout_tui.domain.events import Draft
from backout_tui.domain.items import StepState, StepStatus
from backout_tui.domain.loops import ITEM_FACT, item_of
from backout_tui.domain.rehearsing import Way, way_of
from backout_tui.domain.repeating import UNTIL, until_of
from backout_tui.domain.step_changes import command_to_plan
from backout_tui.engine import spool
from backout_tui.engine.operator import Operator, Receipt, refuse
from backout_tui.engine.verbs import attempts
from backout_tui.engine.verbs.attempts import Preview
from backout_tui.engine.verbs.beside import ALONE, Beside
from backout_tui.engine.verbs.ids import step_of
from backout_tui.engine.verbs.steps import before_step, lifting, why_given
from backout_tui.errors import BackoutError, Refused


def preview(op: Operator, number: str) -> Preview:
    """What exactly running this step would do. Raises BackoutError when there is no such step."""
    step = step_of(op.backout, number)
    way = way_of(op.backout, step)
    return replace(
        attempts.preview(op, replace(step, command=way.script, expects=step.expects if way.own else ())),
        warnings=(*_doubts(op, step), *_warnings(op.backout, step)),
        type_number=step.no_way_back is not None or step.fact("loses") is not None,
        runs=way.runs,
        changed=command_to_plan(op.backout, step.number) if way.own else (),
        besides=tuple(_besides(step)) if way.own else (),
    )


def _besides(step: StepState) -> Iterator[str]:
    """What else belongs to the run."""
    yield from (f"with {name}={item}" for name, item in item_of(step).items())
    if (repeated := until_of(step)) is not None:
        yield f"again and again until it is so: {repeated}"
    if name := capture_of(step):
        yield f"its last line is kept as {name}, for later steps and in the log"


def _warnings(backout: Backout, step: StepState) -> list[str]:
    found = []
    if (why := step.no_way_back) is not None:
        found.append(f"no way back after it{': ' + why if why else ''}")
    if loses := step.fact("loses"):
        found.append(f"loses {loses}")
    if affects := backout.plan.fact("affects"):
        found.append(f"affects {affects}")
    found += [f"only if {one.text}" for one in conditions_of(backout, step)]
    found += [f"the plan says: on {place}" for place in (step.fact("on"),) if place]
    found += [f"the plan says: as {user}" for user in (step.fact("as"),) if user]
    return found


def _doubts(op: Operator, step: StepState) -> list[str]:
    """What is said before a step in doubt is run again: the run before it may have done its work, or do it still."""
    attempt = doubtful_attempt(step) if step.state is StepStatus.IN_DOUBT else None
    if attempt is None:
        return []
    again = "it was begun before, and how that ended is not known: the plan says that it is safe to repeat"
    life = op.life_of(attempt)
    return [again] if life is Life.GONE else [again, life_words(life, attempt)]


def still_alive(op: Operator, step: StepState) -> bool:
    """Whether the process of the step's attempt in doubt still lives on this host."""
    attempt = doubtful_attempt(step)
    return attempt is not None and op.life_of(attempt) is Life.LIVES


def refuse_run(op: Operator, number: str, *, reason: str = "", break_glass: bool = False) -> None:
    """Raise what `run` would raise now, but for secrets, which can still be asked for."""
    step, lifted = step_of(op.backout, number), lifting(reason, break_glass=break_glass)
    refuse(op.why_not_act())
    missing, alive = attempts.gaps(op.backout, way_of(op.backout, step).script, item_of(step)), still_alive(op, step)
    refuse(gates.why_not_run(op.backout, step.number, missing=missing, lifted=lifted, alive=alive))


def run(
    op: Operator,
    number: str,
    *,
    reason: str = "",
    beside: Beside = ALONE,
    break_glass: bool = False,
    shown: Preview | None = None,
) -> Receipt:
    """Run the step's command: its intent is appended, and a supervisor takes over; or it is only shown.

    With `shown`, what the operator has agreed to, a command that was changed since is refused.
    """
    lifted = lifting(reason, break_glass=break_glass)
    step, variables = step_of(op.backout, number), op.backout.variables
    way = way_of(op.backout, step)
    number, script = step.number, shown.command if shown else way.script

    def drafts(backout: Backout) -> list[Draft]:
        now = step_of(backout, number)
        if way_of(backout, now).script != script or backout.variables != variables:
            raise Refused(f"The command of step {number} was changed meanwhile. Look at it again.")
        missing, alive = attempts.gaps(backout, script, item_of(now)), still_alive(op, now)
        refuse(gates.why_not_run(backout, number, missing=missing, lifted=lifted, alive=alive))
        if way.runs:
            attempts.refuse_unknown_secrets(op, backout, f"Step {number}", script)
        data = {**_claim(op, backout, now, way), **why_given(backout, now, reason, beside)}
        before = before_step(backout, now, "run", reason, break_glass=break_glass)
        return [*before, Draft("StepStarted" if way.runs else "StepShown", data)]

    if not way.runs:
        return op.append(drafts)
    drafts(op.refresh())  # asked once before anything is prepared, and again in the transaction
    secrets = attempts.known_secrets(op, op.backout, script)
    request = _request(op, step, way, sorted(secrets))
    return attempts.begin(op, attempts.new_id(), request, secrets, drafts)


def _claim(op: Operator, backout: Backout, step: StepState, way: Way) -> dict[str, Any]:
    """What the intent says of the run: which attempt, of which command, by which shell, where, and how rehearsed."""
    return {
        "step": step.number,
        "attempt": len(step.attempts) + 1,
        "command": way.script,
        "shell": step.language,
        "cwd": backout.cwd or str(op.desk.cwd),
        **({} if backout.live else {"rehearsed": way.name}),
        **_said_of_it(step, way),
    }


def _said_of_it(step: StepState, way: Way) -> dict[str, str]:
    """What the plan says of how the command is run, for the record: its item, until when, what is captured."""
    own = {"until": step.fact(UNTIL), "capture": capture_of(step)} if way.own else {}
    return {key: value for key, value in {"item": step.fact(ITEM_FACT), **own}.items() if value}


def _request(op: Operator, step: StepState, way: Way, secrets: list[str]) -> dict[str, Any]:
    language = step.language if way.own else "sh"
    common = attempts.command_request(op, op.backout, script=way.script, language=language, secrets=secrets)
    repeated, capture = (until_of(step), capture_of(step)) if way.own else (None, "")
    return {
        **common,
        "variables": {**common["variables"], **item_of(step)},
        **({"until": {"every_s": repeated.every_s, "at_most_s": repeated.at_most_s}} if repeated else {}),
        **({"capture": capture} if capture else {}),
        "kind": "step",
        "subject": step.number,
        "attempt": len(op.backout.steps[step.number].attempts) + 1,
        "keep_going": step.says("keep going"),
        "timeout_ms": step.timeout_s * 1000 if step.timeout_s else None,
        "expects": list(step.expects) if way.own else [],
    }


def stop(op: Operator, number: str) -> Receipt:
    """Ask the supervisor to stop the step's command: TERM, then KILL, to the whole tree."""

    def drafts(backout: Backout) -> list[Draft]:
        step = step_of(backout, number)
        refuse(gates.why_not_stop(backout, step.number))
        attempt = step.attempt
        if attempt is not None and attempt.host != op.actor.host:
            raise Refused(f"Step {step.number} runs on {attempt.host}. Stop it from there.")
        return [Draft("StepStopAsked", {"step": step.number})]

    op.refresh()
    receipt = op.append(drafts)
    attempt = step_of(receipt.backout, number).attempt
    if attempt is not None:
        _ask_to_stop(op, spool.attempt_of(op.desk.database, attempt.intent))
    return receipt


def _ask_to_stop(op: Operator, folder: spool.AttemptFolder) -> None:
    try:
        spool.ask_to_stop(folder, op.actor.name)
    except BackoutError:
        if folder.path.is_dir():  # a folder that is gone is the end that was asked for
            raise
