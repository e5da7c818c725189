"""Runs a step's command, and stops it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

from backout_tui.domain.backout.capturing import capture_of
from backout_tui.domain.backout.changed_steps import command_to_plan
from backout_tui.domain.backout.conditions import conditions_of
from backout_tui.domain.backout.events import Draft
from backout_tui.domain.backout.items import StepState
from backout_tui.domain.backout.payloads.kinds import EventKind
from backout_tui.domain.backout.rehearsing import Way, way_of
from backout_tui.domain.backout.repeating import UNTIL, until_of
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.backout.states import StepStatus
from backout_tui.domain.backout.whereabouts import Reach
from backout_tui.domain.plan.judgement import affects_words
from backout_tui.domain.plan.loops import ITEM_FACT, item_of
from backout_tui.domain.rules import gates
from backout_tui.domain.rules.doubt import Life, doubtful_attempt, life_words
from backout_tui.domain.spans import in_words
from backout_tui.domain.values import replace
from backout_tui.engine.attempts.spool import AttemptFolder, attempt_of
from backout_tui.engine.attempts.stopping import ask_to_stop
from backout_tui.engine.operator import Operator, Receipt, refuse
from backout_tui.engine.verbs import attempt_verbs
from backout_tui.engine.verbs.attempt_verbs import Preview
from backout_tui.engine.verbs.beside import ALONE, Beside
from backout_tui.engine.verbs.ids import step_of
from backout_tui.engine.verbs.mistakes import despite, mistakes_in
from backout_tui.engine.verbs.prerequisite_verbs import NOT_ASKED, Ticked
from backout_tui.engine.verbs.step_verbs import before_step, lifting, why_given
from backout_tui.errors import BackoutError, Refused


def preview(op: Operator, number: str) -> Preview:
    """Exactly what running this step would do. Raises BackoutError when there is no such step."""
    step = step_of(op.backout, number)
    way = way_of(op.backout, step)
    return replace(
        attempt_verbs.preview(
            op,
            replace(
                step,
                command=way.script,
                language=_language(step, way),
                expects=step.expects if way.own else (),
            ),
            runs=way.runs,
        ),
        warnings=(*_doubts(op, step), *_warnings(op.backout, step)),
        type_number=step.no_way_back is not None or step.fact("loses") is not None,
        changed=command_to_plan(op.backout, step.number) if way.own else (),
        besides=tuple(_besides(step)) if way.own else (),
    )


def _besides(step: StepState) -> Iterator[str]:
    """What else is part of the run."""
    yield from (f"with {name}={item}" for name, item in item_of(step).items())
    if (repeated := until_of(step)) is not None:
        every = "second" if repeated.every_s == 1 else in_words(repeated.every_s)
        yield f"repeats every {every} until it succeeds, for up to {in_words(repeated.at_most_s)}"
    if name := capture_of(step):
        yield f"its last line is kept as {name}, for later steps and in the log"


def _warnings(backout: Backout, step: StepState) -> list[str]:
    found = []
    if (why := step.no_way_back) is not None:
        found.append(f"no way back after it{': ' + why if why else ''}")
    if loses := step.fact("loses"):
        found.append(f"loses {loses}")
    if hit := affects_words(backout.plan):
        found.append(f"affects {hit}")
    found += [f"only if {one.text}" for one in conditions_of(backout, step)]
    found += [f"the plan says: on {place}" for place in (step.fact("on"),) if place]
    found += [f"the plan says: as {user}" for user in (step.fact("as"),) if user]
    return found


def _doubts(op: Operator, step: StepState) -> list[str]:
    """Warnings before a step in doubt runs again: the earlier run may have done its work, or may still be doing it."""
    attempt = doubtful_attempt(step) if step.state is StepStatus.IN_DOUBT else None
    if attempt is None:
        return []
    again = "it was begun before, and how that ended is not known: the plan says that it is safe to repeat"
    life = op.life_of(attempt)
    return [again] if life is Life.GONE else [again, life_words(life, attempt)]


def still_alive(op: Operator, step: StepState) -> bool:
    """Whether the process of the step's attempt in doubt is still alive on this host."""
    attempt = doubtful_attempt(step)
    return attempt is not None and op.life_of(attempt) is Life.LIVES


def refuse_run(op: Operator, number: str, *, reason: str = "", break_glass: bool = False) -> None:
    """Raise what `run` would raise now, except for missing secrets, which can still be asked for."""
    step, lifted = step_of(op.backout, number), lifting(reason, break_glass=break_glass)
    refuse(op.why_not_act())
    way, alive = way_of(op.backout, step), still_alive(op, step)
    missing, wrong = _gaps(op, op.backout, step, way), _mistakes(op, step, way)
    refuse(gates.why_not_run(op.backout, step.number, missing=missing, wrong=wrong, lifted=lifted, alive=alive))


def _gaps(op: Operator, backout: Backout, step: StepState, way: Way) -> tuple[str, ...]:
    return attempt_verbs.gaps(op, backout, way.script, _language(step, way), item_of(step))


def _mistakes(op: Operator, step: StepState, way: Way) -> tuple[str, ...]:
    """What the check calls an error in what would really run."""
    return mistakes_in(op, replace(step, command=way.script, language=_language(step, way))) if way.runs else ()


def _language(step: StepState, way: Way) -> str:
    return step.language if way.own else "sh"


def run(
    op: Operator,
    number: str,
    *,
    reason: str = "",
    beside: Beside = ALONE,
    break_glass: bool = False,
    shown: Preview | None = None,
    ticked: Ticked = NOT_ASKED,
) -> Receipt:
    """Run the step's command: append its intent and hand over to a supervisor, or only show it in a rehearsal.

    `shown` is what the operator has agreed to: if the command has changed since, the run is refused. `ticked` is what
    the confirmation of the first step was told of *Before you start*.
    """
    lifted = lifting(reason, break_glass=break_glass) | ticked.lifts
    step, variables = step_of(op.backout, number), op.backout.variables
    way = way_of(op.backout, step)
    number, script = step.number, shown.command if shown else way.script
    wrong = _mistakes(op, step, way)

    def drafts(backout: Backout) -> list[Draft]:
        now = step_of(backout, number)
        if way_of(backout, now).script != script or backout.variables != variables:
            raise Refused(f"The command of step {number} was changed meanwhile. Look at it again.")
        missing, alive = _gaps(op, backout, now, way), still_alive(op, now)
        ready = ticked.applied(backout)
        refuse(gates.why_not_run(ready, number, missing=missing, wrong=wrong, lifted=lifted, alive=alive))
        if way.runs:
            attempt_verbs.refuse_unknown_secrets(op, backout, f"Step {number}", script)
        first = ticked.drafts(backout, now, reason)
        data = {**_claim(op, backout, now, way), **why_given(backout, now, reason, beside, first)}
        data |= despite(wrong, reason)
        glass = before_step(backout, now, "run", reason, break_glass=break_glass)
        before = [*first, *glass]
        return [*before, Draft(EventKind.STEP_STARTED if way.runs else EventKind.STEP_SHOWN, data)]

    if not way.runs:
        return op.append(drafts)
    drafts(op.refresh())  # checked before anything is prepared, and again in the transaction
    secrets = attempt_verbs.known_secrets(op, op.backout, script)
    request = _request(op, step, way, sorted(secrets))
    return attempt_verbs.begin(op, attempt_verbs.new_id(), request, secrets, drafts)


def _claim(op: Operator, backout: Backout, step: StepState, way: Way) -> dict[str, Any]:
    """What the intent records about the run: the attempt, command, shell and folder, and how it is rehearsed."""
    return {
        "step": step.number,
        "attempt": len(step.attempts) + 1,
        "machine": op.desk.here.id,
        "command": way.script,
        "shell": step.language,
        "cwd": backout.cwd or str(op.desk.cwd),
        **({} if backout.live else {"rehearsed": way.name}),
        **_said_of_it(step, way),
    }


def _said_of_it(step: StepState, way: Way) -> dict[str, str]:
    """What the plan says about how the command is run, for the record: its item, its limit, what is captured."""
    own = {"until": step.fact(UNTIL), "capture": capture_of(step)} if way.own else {}
    return {key: value for key, value in {"item": step.fact(ITEM_FACT), **own}.items() if value}


def _request(op: Operator, step: StepState, way: Way, secrets: list[str]) -> dict[str, Any]:
    common = attempt_verbs.command_request(
        op, op.backout, script=way.script, language=_language(step, way), secrets=secrets
    )
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
    """Ask the supervisor to stop the step's command and its whole process tree: TERM, then KILL."""

    def drafts(backout: Backout) -> list[Draft]:
        step = step_of(backout, number)
        refuse(gates.why_not_stop(backout, step.number))
        if step.attempt is not None and op.reach_of(step.attempt) is Reach.AWAY:
            raise Refused(
                f"Step {step.number} runs on {step.attempt.host}, out of reach from here: stop it there."
                f" Or declare it in doubt with a reason (Enter on it, or step-doubt {step.number})."
            )
        return [Draft(EventKind.STEP_STOP_ASKED, {"step": step.number})]

    op.refresh()
    receipt = op.append(drafts)
    attempt = step_of(receipt.backout, number).attempt
    if attempt is not None:
        with closing(attempt_of(op.desk.database, attempt.intent, attempt.spool)) as folder:
            _ask_to_stop(op, folder)
    return receipt


def _ask_to_stop(op: Operator, folder: AttemptFolder) -> None:
    try:
        ask_to_stop(folder, op.actor.name)
    except BackoutError:
        if folder.path.is_dir():  # a missing folder means that it has ended, as was asked
            raise
