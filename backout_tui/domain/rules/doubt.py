"""Everything in doubt, in the order to look at it, and whether its process is still alive."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from msgspec import Struct

from backout_tui.domain.backout.items import Attempt, CheckState, StepState
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.backout.states import AttemptStatus, MessageStatus, StepStatus
from backout_tui.domain.spans import span_words


class Life(StrEnum):
    """What can be said, here and now, about the process of an attempt."""

    LIVES = "lives"
    GONE = "gone"
    ELSEWHERE = "elsewhere"  # it ran on another host
    UNKNOWN = "unknown"  # nothing identifies it any more


class Doubt(Struct, frozen=True):
    """One thing whose outcome is unknown: `item` as the panes name it; `key` is different for each attempt."""

    item: tuple[str, str]
    key: str
    attempt: Attempt | None = None


def doubts(backout: Backout) -> tuple[Doubt, ...]:
    """Everything in doubt: steps, then checks that nobody has looked at since, then messages."""
    return tuple(_doubts(backout))


def _doubts(backout: Backout) -> Iterator[Doubt]:
    for step in backout.leaves_in(StepStatus.IN_DOUBT):
        attempt = doubtful_attempt(step)
        yield Doubt(("step", step.number), attempt.intent if attempt else step.number, attempt)
    for check in backout.checks.values():
        if check_in_doubt(check) and (attempt := check.attempt) is not None:
            yield Doubt(("check", check.id), attempt.intent, attempt)
    for message in backout.messages.values():
        if message.state is MessageStatus.IN_DOUBT:
            yield Doubt(("message", message.id), f"{message.id} {message.last_at}")


def doubtful_attempt(step: StepState) -> Attempt | None:
    """The newest attempt of a step if it is in doubt."""
    attempt = step.attempt
    return attempt if attempt is not None and attempt.state is AttemptStatus.IN_DOUBT else None


def check_in_doubt(check: CheckState) -> bool:
    """Whether the newest run of a check is in doubt, and nobody has recorded what they see since."""
    attempt = check.attempt
    last = check.observations[-1] if check.observations else None
    return (
        attempt is not None
        and attempt.state is AttemptStatus.IN_DOUBT
        and (last is None or last.attempt == attempt.number)
    )


def life_words(life: Life, attempt: Attempt) -> str:
    """What to say about the process: `its process 4711 is gone`."""
    process = f"process {attempt.pid}" if attempt.pid is not None else "process"
    return {
        Life.LIVES: f"its {process} still lives",
        Life.GONE: f"its {process} is gone",
        Life.ELSEWHERE: f"it ran on {attempt.host}: whether its {process} still lives can be seen only there",
        Life.UNKNOWN: f"whether its {process} still lives is not known",
    }[life]


def probe_words(attempt: Attempt) -> str:
    """The result of a probe: `says yes after 0:02, exit 0`."""
    if attempt.state is AttemptStatus.RUNNING:
        return "is running"
    took = f" after {span_words(attempt.duration_ms / 1000)}" if attempt.duration_ms is not None else ""
    told = attempt.exit_told
    why = f": {attempt.why}" if attempt.why and not attempt.why.startswith("exit code") else ""
    answer = {"done": "says yes", "failed": "says no"}.get(attempt.state, attempt.state.replace("_", " "))
    return f"{answer}{took}{told}{why}"
