"""What was started and has no outcome yet: steps, probes, checks and messages, each with its attempt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from msgspec import Struct

from backout_tui.domain.backout.items import Attempt, StepState
from backout_tui.domain.backout.payloads.kinds import EventKind
from backout_tui.domain.backout.remembered import once_for_steps
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.backout.states import AttemptStatus
from backout_tui.domain.backout.whereabouts import OutOfReach

Away = Mapping[str, OutOfReach]
"""The runs that cannot be asked from here, by their intent."""
ALL_IN_REACH: Away = MappingProxyType({})
"""Nothing is out of reach."""


class Run(Struct, frozen=True):
    """One thing that was started: the `kind` of its intent, the `item` as the panes name it, and its attempt."""

    kind: EventKind
    item: tuple[str, str]
    attempt: Attempt


def under_way(backout: Backout) -> tuple[Run, ...]:
    """What is running or being sent, according to the log."""
    checks = (
        (EventKind.CHECK_STARTED, ("check", one.id), one.attempt) for one in backout.checks.values() if one.running
    )
    messages = ((EventKind.MESSAGE_SENDING, ("message", one.id), one.attempt) for one in backout.messages.values())
    begun = [*_steps(backout), *(Run(kind, item, run) for kind, item, run in (*checks, *messages) if run is not None)]
    return tuple(begun)


def awaited(backout: Backout) -> tuple[Run, ...]:
    """What was declared in doubt and may still get its own outcome: from where it runs, or once its files are here."""
    return (*_awaited_of_steps(backout), *_awaited_of_others(backout))


def named(backout: Backout, run: Run) -> str:
    """`step 4`, `the probe of step 4`, `check A`, `“Started”`."""
    kind, name = run.item
    if kind == "message":
        return f"“{backout.messages[name].title}”"
    return f"the probe of step {name}" if run.kind == EventKind.PROBE_STARTED else f"{kind} {name}"


def doubt_command(run: Run) -> str:
    """The verb that declares the run in doubt: `step-doubt 4`."""
    kind, name = run.item
    return f"{kind}-doubt {name}"


@once_for_steps
def _begun(backout: Backout) -> tuple[StepState, ...]:
    """The steps with an attempt or a probe: usually a few of ten thousand."""
    return tuple([step for step in backout.leaves if step.attempts or step.probes])


@once_for_steps
def _steps(backout: Backout) -> tuple[Run, ...]:
    newest = [(EventKind.STEP_STARTED, step.number, step.attempt) for step in _begun(backout)]
    newest += [(EventKind.PROBE_STARTED, step.number, step.last_probe) for step in _begun(backout)]
    return tuple(
        Run(kind, ("step", number), attempt)
        for kind, number, attempt in newest
        if attempt is not None and attempt.state is AttemptStatus.RUNNING
    )


@once_for_steps
def _awaited_of_steps(backout: Backout) -> tuple[Run, ...]:
    begun = [(EventKind.STEP_STARTED, step.number, one) for step in _begun(backout) for one in step.attempts]
    begun += [(EventKind.PROBE_STARTED, step.number, one) for step in _begun(backout) for one in step.probes]
    return tuple(Run(kind, ("step", number), one) for kind, number, one in begun if one.is_awaited)


def _awaited_of_others(backout: Backout) -> Iterator[Run]:
    for check in backout.checks.values():
        yield from (Run(EventKind.CHECK_STARTED, ("check", check.id), one) for one in check.attempts if one.is_awaited)
    for message in backout.messages.values():
        yield from (Run(EventKind.MESSAGE_SENDING, ("message", message.id), one) for one in message.awaited)
