"""What an item was in earlier releases, and how its last run went."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from msgspec import Struct

from backout_tui.domain.backout.items import StepState
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.backout.states import MessageStatus
from backout_tui.domain.plan.plan_items import PlanItem, items_of
from backout_tui.domain.spans import span_words


class Earlier(Struct, frozen=True):
    """The item in the plan of an earlier release; None if that plan had no such item."""

    release: str
    plan_id: int
    item: PlanItem | None


class LastRun(Struct, frozen=True):
    """How an item went in one backout: the result in words, its deviations, and the seconds it took if known."""

    backout_id: int
    release: str
    mode: str
    at: datetime | None
    result: str
    deviations: tuple[str, ...] = ()
    took_s: int | None = None

    def __str__(self) -> str:
        """`done in 0:43 (backout 3 of payments-api 4.11.3, 12 Oct 2026)`."""
        took = f" in {span_words(self.took_s)}" if self.took_s is not None else ""
        where = f"{'rehearsal' if self.mode == 'rehearsal' else 'backout'} {self.backout_id} of {self.release}"
        when = f", {self.at:%d %b %Y}" if self.at is not None else ""
        said = "".join(f"; {one}" for one in self.deviations)
        return f"{self.result}{took} ({where}{when}){said}"


def last_run(backout: Backout, item: PlanItem, labels: Mapping[str, str]) -> LastRun | None:
    """How `item` went in this backout; None if its plan had no such item, or nothing happened to it.

    `labels` are the labels of the items of the backout's plan, by their keys: see `labels_of`.
    """
    found = _RESULTS.get(item.kind)
    if found is None or (label := labels.get(item.key)) is None:
        return None
    said = found(backout, label.partition(" ")[2])
    if said is None:
        return None
    result, deviations, took_s = said
    return LastRun(backout.id, str(backout.release), backout.mode, backout.opened_at, result, deviations, took_s)


def labels_of(backout: Backout) -> Mapping[str, str]:
    """The labels of all items of the backout's plan, by their keys."""
    return {item.key: item.label for item in items_of(backout.plan)}


_Said = tuple[str, tuple[str, ...], int | None]


def _step(backout: Backout, number: str) -> _Said | None:
    step = backout.steps.get(number)
    if step is None:
        return None
    deviations = tuple(
        f"{one.kind.replace('_', ' ')}: {one.reason}" for one in backout.deviations if one.step == number
    )
    if step.state.value == "pending" and not step.attempts and not deviations:
        return None
    return step.state.value.replace("_", " "), deviations, _took_s(step)


def _took_s(step: StepState) -> int | None:
    taken = [one.duration_ms for one in step.attempts if one.duration_ms is not None]
    return sum(taken) // 1000 if taken else None


def _check(backout: Backout, letter: str) -> _Said | None:
    check = backout.checks.get(letter)
    if check is None or not check.verdict:
        return None
    count = len(check.observations)
    return f"{check.verdict} after {count} look{'s' if count != 1 else ''}", (), None


def _message(backout: Backout, title: str) -> _Said | None:
    message = backout.message(title)
    return None if message is None or message.state is MessageStatus.DRAFT else (message.state.words, (), None)


def _contact(backout: Backout, name: str) -> _Said | None:
    calls = [call for call in backout.calls if call.name.casefold() == name.casefold()]
    told = [
        one.state.replace("_", " ")
        for message in backout.messages.values()
        for one in message.recipients
        if one.name.casefold() == name.casefold()
    ]
    said = [*(f"call: {call.result}" for call in calls), *(f"message: {state}" for state in told)]
    return (", ".join(said), (), None) if said else None


_RESULTS: Mapping[str, Callable[[Backout, str], _Said | None]] = {
    "step": _step,
    "command": _step,
    "check": _check,
    "message": _message,
    "contact": _contact,
}
