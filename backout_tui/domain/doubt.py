"""What is in doubt, in the order in which it is looked at; and whether its process still lives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from backout_tui.domain.backout import Backout
from backout_tui.domain.items import Attempt, CheckState, StepState, StepStatus
from backout_tui.domain.spans import span_words


class Life(StrEnum):
    """What can be said, here and now, of the process of an attempt."""

    LIVES = "lives"
    GONE = "gone"
    ELSEWHERE = "elsewhere"  # it ran on another host
    UNKNOWN = "unknown"  # nothing names it any more


@dataclass(frozen=True, slots=True)
class Doubt:
    """One thing whose outcome is unknown: `item` as the panes name it; `key` is another one after another attempt."""

    item: tuple[str, str]
    key: str
    attempt: Attempt | None = None


def doubts(backout: Backout) -> tuple[Doubt, ...]:
    """Everything in doubt: steps, then checks that nobody looked at since, then messages."""
    return tuple(_doubts(backout))


def _doubts(backout: Backout) -> Iterator[Doubt]:
    for step in backout.leaves_in(StepStatus.IN_DOUBT):
        attempt = doubtful_attempt(step)
        yield Doubt(("step", step.number), attempt.intent if attempt else step.number, attempt)
    for check in backout.checks.values():
        if check_in_doubt(check) and (attempt := check.attempt) is not None:
            yield Doubt(("check", check.id), attempt.intent, attempt)
    for message in backout.messages.values():
        if message.state == "in_doubt":
            yield Doubt(("message", message.id), f"{message.id} {message.last_at}")


def doubtful_attempt(step: StepState) -> Attempt | None:
    """The newest attempt of a step when that one is in doubt."""
    attempt = step.attempt
    return attempt if attempt is not None and attempt.state == "in_doubt" else None


def check_in_doubt(check: CheckState) -> bool:
    """Whether the newest run of a check is in doubt, and nobody said since what they see."""
    attempt = check.attempt
    last = check.observations[-1] if check.observations else None
    return attempt is not None and attempt.state == "in_doubt" and (last is None or last.attempt == attempt.number)


def life_words(life: Life, attempt: Attempt) -> str:
    """What is said of the process: `its process 4711 is gone`."""
    process = f"process {attempt.pid}" if attempt.pid is not None else "process"
    return {
        Life.LIVES: f"its {process} still lives",
        Life.GONE: f"its {process} is gone",
        Life.ELSEWHERE: f"it ran on {attempt.host}: whether its {process} still lives can be seen only there",
        Life.UNKNOWN: f"whether its {process} still lives is not known",
    }[life]


def probe_words(attempt: Attempt) -> str:
    """What a probe came to: `done after 0:02, exit 0`."""
    if attempt.state == "running":
        return "is running"
    took = f" after {span_words(attempt.duration_ms / 1000)}" if attempt.duration_ms is not None else ""
    code = f", exit {attempt.exit_code}" if attempt.exit_code is not None else ""
    why = f": {attempt.why}" if attempt.why and attempt.why != f"exit code {attempt.exit_code}" else ""
    said = {"done": "says yes", "failed": "says no"}.get(attempt.state, attempt.state.replace("_", " "))
    return f"{said}{took}{code}{why}"
