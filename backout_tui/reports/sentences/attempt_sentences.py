"""Sentences for what the program ran for steps and checks, and for what a person saw of a check."""

from __future__ import annotations

from collections.abc import Mapping

from backout_tui.domain.backout.payload import DeclaredInDoubt, Ending, OfStep
from backout_tui.domain.backout.payloads.kinds import EventKind
from backout_tui.domain.backout.payloads.step_payloads import (
    Begun,
    CheckBegun,
    CheckDeclared,
    CheckEnded,
    CheckFinished,
    CheckRecorded,
    CheckShown,
    Declared,
    Ended,
    Finished,
    Outcome,
)
from backout_tui.reports.sentences.piece_sentences import (
    Sentence,
    beside,
    came_late,
    joined,
    labelled,
    out_of_order,
    out_of_reach,
    saying,
    took,
    with_reason,
)


def _step(said: Begun | Ended | Declared) -> str:
    return f"step {said.step}{_again(', attempt', said.attempt)}"


def _check(said: CheckBegun | CheckShown | CheckEnded | CheckDeclared) -> str:
    return f"check {said.check}{_again(', attempt', said.attempt)}"


def _probe(said: Begun | Ended | Declared) -> str:
    return f"the probe of step {said.step}{_again(', run', said.attempt)}"


def _again(which: str, number: int) -> str:
    return f"{which} {number}" if number > 1 else ""


def _started(said: Begun) -> str:
    instead = "the rehearsal command of " if said.rehearsed == "instead" else ""
    return joined(
        with_reason(f"started {instead}{_step(said)}", said.command),
        labelled("until", said.until),
        labelled(out_of_order(said.ahead_of), said.out_of_order),
        _despite(said),
        beside(said),
    )


def _despite(said: Begun | CheckBegun) -> str:
    """What `plan check` finds in the command that was run all the same, and why it was."""
    found = labelled("although plan check finds", ", ".join(said.despite))
    return joined(found, labelled("reason", said.despite_why)) if found else ""


def _began(what: str, said: Begun | CheckBegun) -> str:
    return joined(with_reason(f"started {what}", said.command), _despite(said))


def _shown(said: Begun) -> str:
    return joined(
        with_reason(f"showed {_step(said)}, it does not run in this rehearsal", said.command),
        labelled(out_of_order(said.ahead_of), said.out_of_order),
        beside(said),
    )


def _step_finished(said: Finished) -> str:
    verb = "could not be judged" if said.inconclusive else "is done" if said.result == "done" else "has failed"
    return _ended(f"{_step(said)} {verb}", said)


def _check_finished(said: CheckFinished) -> str:
    verb = "could not be judged" if said.inconclusive else "passed" if said.result == "done" else "did not pass"
    return _ended(f"{_check(said)} {verb}", said)


def _ended(what: str, said: Outcome) -> str:
    span = took(said.duration_ms)
    tried = f", {said.tries} {'try' if said.tries == 1 else 'tries'}" if said.tries else ""
    return joined(
        f"{what}{' after ' + span if span else ''}{tried}",
        said.why or _not_met(said) or (f"stopped by {said.stopped_by}" if said.stopped_by else ""),
        f"{said.captured.name} is {said.captured.value}" if said.captured is not None else "",
        came_late(said),
    )


def _not_met(said: Outcome) -> str:
    return joined(*(f"{one.text} was expected and not found" for one in said.expect or () if not one.met))


def _probed(said: Finished) -> str:
    answer = "says yes" if said.result == "done" else "says no"
    span = took(said.duration_ms)
    verb = "could not be judged" if said.inconclusive else answer
    last = said.last.strip().rpartition("\n")[2]
    took_ = f" after {span}" if span else ""
    return joined(f"{_probe(said)} {verb}{took_}", said.why, labelled("last", last), came_late(said))


def _not_started(what: str, said: Ending) -> str:
    return with_reason(f"{what} was not started after all", said.why, came_late(said))


def _in_doubt(what: str, said: Ending) -> str:
    return with_reason(f"{what} is in doubt", said.why, came_late(said))


def _declared(what: str, said: DeclaredInDoubt) -> str:
    return with_reason(f"declared {what} in doubt, {out_of_reach(said)}", said.reason)


SENTENCES: Mapping[str, Sentence] = {
    EventKind.STEP_STARTED: saying(Begun, _started),
    EventKind.STEP_FINISHED: saying(Finished, _step_finished),
    EventKind.STEP_NOT_STARTED: saying(Ended, lambda said: _not_started(_step(said), said)),
    EventKind.STEP_IN_DOUBT: saying(Ended, lambda said: _in_doubt(_step(said), said)),
    EventKind.STEP_DECLARED_IN_DOUBT: saying(Declared, lambda said: _declared(_step(said), said)),
    EventKind.STEP_SHOWN: saying(Begun, _shown),
    EventKind.STEP_STOP_ASKED: saying(OfStep, lambda said: f"asked step {said.step} to stop"),
    EventKind.PROBE_STARTED: saying(Begun, lambda said: _began(_probe(said), said)),
    EventKind.PROBE_FINISHED: saying(Finished, _probed),
    EventKind.PROBE_NOT_STARTED: saying(
        Ended, lambda said: with_reason(f"{_probe(said)} was not started after all", said.why)
    ),
    EventKind.PROBE_IN_DOUBT: saying(Ended, lambda said: with_reason(f"{_probe(said)} is in doubt", said.why)),
    EventKind.PROBE_DECLARED_IN_DOUBT: saying(Declared, lambda said: _declared(_probe(said), said)),
    EventKind.PROBE_SHOWN: saying(
        Begun, lambda said: with_reason(f"showed {_probe(said)}, a rehearsal runs nothing", said.command)
    ),
    EventKind.CHECK_STARTED: saying(CheckBegun, lambda said: _began(_check(said), said)),
    EventKind.CHECK_FINISHED: saying(CheckFinished, _check_finished),
    EventKind.CHECK_NOT_STARTED: saying(CheckEnded, lambda said: _not_started(_check(said), said)),
    EventKind.CHECK_IN_DOUBT: saying(CheckEnded, lambda said: _in_doubt(_check(said), said)),
    EventKind.CHECK_DECLARED_IN_DOUBT: saying(CheckDeclared, lambda said: _declared(_check(said), said)),
    EventKind.CHECK_SHOWN: saying(
        CheckShown, lambda said: with_reason(f"showed {_check(said)}, it does not run in this rehearsal", said.command)
    ),
    EventKind.CHECK_RECORDED: saying(
        CheckRecorded, lambda said: with_reason(f"check {said.check}: {said.verdict}", said.note)
    ),
}
