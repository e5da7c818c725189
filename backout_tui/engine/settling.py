"""Settling: records the outcome of every attempt that is over, exactly once, whoever gets there first.

The supervisor settles its own attempt when it is done; whoever opens a backout settles what a supervisor left behind.
contract.md section 3.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

from backout_tui.domain.backout.events import Actor, Draft, Event
from backout_tui.domain.backout.payload import DeclaredInDoubt, Ending
from backout_tui.domain.backout.payloads.kinds import ATTEMPTS, ENDINGS, EventKind, payload_of
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.backout.whereabouts import Machine, Reach, begun_on
from backout_tui.domain.damage import Unfit
from backout_tui.domain.text import clean, clean_all
from backout_tui.domain.values import replace
from backout_tui.engine.attempts.beginning import remove
from backout_tui.engine.attempts.liveness import asked, process_lives
from backout_tui.engine.attempts.reach import in_same_boot, judged
from backout_tui.engine.attempts.spool import AttemptFolder, KeptOutput, attempt_of
from backout_tui.engine.attempts.sweeping import sweep

_SUBJECTS = ("step", "check", "message", "attempt")  # entries of an intent that its outcome repeats
_LAST_BYTES, _LAST_LINES = 2000, 12


class Appends(Protocol):
    """The part of the journal that settling needs."""

    def append(
        self,
        log_id: str,
        *,
        after: int,
        decide: Callable[[list[Event]], Sequence[Draft]],
        actor: Actor,
        known: Backout | None = None,
    ) -> list[Event]:
        """Append what `decide` drafts from the events after `after`, in one transaction; returns all events after."""


def what_settles(
    intent_kind: str, *, lock_free: bool, folder_present: bool, started: bool, outcome: bool
) -> EventKind | None:
    """The kind of outcome that settles an open intent, or None while its attempt may still be alive.

    `started` is also true when there is an outcome that cannot be read. A folder that is missing altogether proves
    nothing, least of all that nothing ran.
    """
    ends = ATTEMPTS[intent_kind]
    if not folder_present:
        return ends.in_doubt
    if not lock_free:
        return None
    if outcome:
        return ends.finished
    return ends.in_doubt if started else ends.not_started


def outcome_id(intent_id: str) -> str:
    """The event id of an intent's outcome, the same for every outcome, so that two settlers append only one event."""
    return hashlib.sha256(f"{intent_id}:outcome".encode()).hexdigest()[:32]


def open_intents(events: Iterable[Event]) -> list[Event]:
    """The intents that have no outcome, in order."""
    waiting: dict[str, Event] = {}
    for event in events:
        if event.kind in ATTEMPTS:
            waiting[event.event_id] = event
        elif event.kind in ENDINGS:
            waiting.pop(event.says(Ending).intent, None)
    return list(waiting.values())


def outcome_of(intent: Event, attempt: AttemptFolder, known: Mapping[str, Any] = MappingProxyType({})) -> Draft:
    """The outcome of an attempt that nobody is carrying out any more, with its output as the blob `output`.

    `known` is what the attempt's own supervisor knows beyond its folder: the outcome that a full disk did not take, or
    `why` there is none.
    """
    outcome = next((one for one in (attempt.outcome(), known) if one and _fits(intent, one)), None)
    kind = what_settles(
        intent.kind,
        lock_free=True,
        folder_present=attempt.folder.is_there,
        # A missing lock file means that the folder was tampered with: then nothing follows from other missing files.
        started=attempt.began or attempt.folder.look("lock") is None,
        outcome=outcome is not None,
    )
    assert kind is not None
    if kind is ATTEMPTS[intent.kind].not_started:
        outcome = {"why": known.get("why") or "its supervisor ended before anything began"}
    elif outcome is None:
        outcome = _doubt(attempt, known)
    kept = attempt.output()
    output = kept.whole
    outcome = _with_what_is_missing(outcome, kept)
    seen = {"last": _last(output)} if intent.kind == EventKind.PROBE_STARTED and output else {}
    return Draft(
        kind,
        _subject(intent) | clean_all(outcome) | seen,
        (("output", output),) if output else (),
        outcome_id(intent.event_id),
        intent.lease,
    )


def _with_what_is_missing(outcome: Mapping[str, Any], kept: KeptOutput) -> Mapping[str, Any]:
    """The outcome, with a remark when a full disk did not take all of the output before its supervisor ended."""
    total = outcome.get("bytes")
    missing = total - len(kept.head) - len(kept.tail) - kept.dropped if type(total) is int else 0
    if missing <= 0:
        return outcome
    words = f"{missing} bytes of its output could not be kept"
    return {**outcome, "why": "; ".join(filter(None, (str(outcome.get("why") or ""), words)))}


def _fits(intent: Event, outcome: Mapping[str, Any]) -> bool:
    """Whether the outcome in the folder can belong to the intent; one that cannot is ignored."""
    try:
        payload_of(ATTEMPTS[intent.kind].finished, _subject(intent) | clean_all(outcome))
    except Unfit:
        return False
    return True


def _subject(intent: Event) -> dict[str, Any]:
    return {"intent": intent.event_id} | {key: intent.data[key] for key in _SUBJECTS if key in intent.data}


def _last(output: bytes) -> str:
    """The end of a probe's output, which is shown beside its step."""
    text = output[-_LAST_BYTES:].decode("utf-8", "replace").rstrip("\n")
    return "\n".join(clean(text).split("\n")[-_LAST_LINES:])


def _doubt(attempt: AttemptFolder, known: Mapping[str, Any]) -> dict[str, Any]:
    if not attempt.folder.is_there:
        missing = f"is not there any more ({attempt.instead})" if attempt.instead else "is gone"
        return {"why": f"its folder {attempt.path} {missing}: nobody knows whether it ran", "still_running": None}
    lives = process_lives(attempt)
    words = {
        True: "its supervisor ended without recording an outcome; the command still ran then",
        False: "its supervisor ended without recording an outcome",
        None: "its supervisor ended without recording an outcome; whether the command still runs is not known",
    }
    why = known.get("why") or words[lives]
    doubt: dict[str, Any] = {"why": why, "still_running": lives, "dropped": attempt.output().dropped}
    if (process := attempt.process()) is not None:
        # The folder goes once this is recorded: after that only these values can tell whether the process is alive.
        started = attempt.started() or {}
        known_of_it = {name: process.get(name) for name in ("pid", "start_ticks")} | {"boot_id": started.get("boot_id")}
        doubt |= known_of_it if _is_named(known_of_it) else {}
    return doubt


def computed(database: Path, intents: Iterable[Event], *, here: Machine) -> list[Draft]:
    """The outcomes that settling would append now, without writing anything: for a reader without write access."""
    drafts = []
    for intent in attempts_in(intents):
        with _when_over(database, intent, here) as attempt:
            if attempt is not None:
                drafts.append(outcome_of(intent, attempt))
    return drafts


def settle(
    database: Path,
    log_id: str,
    intents: Sequence[Event],
    *,
    here: Machine,
    open_journal: Callable[[], Appends],
    settler: Actor,
    backout: Backout | None = None,
) -> list[Event]:
    """Append, as `settler`, the outcome of every open intent of `log_id` whose attempt is over, as seen from `here`.

    Returns the outcomes as they are in the log. Attempts that cannot be asked from here, or may be alive, are left
    alone. A folder is removed once its outcome is in the log; a folder without an open intent is removed after a
    minute. `open_journal` is called at most once, when there is something to write; the caller keeps the journal.
    `backout` is the backout as last read; without it the log is folded again for each outcome. Raises BackoutError when
    the log takes no more; what was settled before stays settled.
    """
    journal, appended = functools.cache(open_journal), list[Event]()
    for intent in attempts_in(intents):
        with _when_over(database, intent, here) as attempt:
            if attempt is not None:
                appended += record(attempt, intent, journal(), settler=settler, backout=backout)
                remove(attempt)
    sweep(database, log_id, {one.event_id for one in intents}, lambda intent: _is_open(intent, log_id, journal()))
    return appended


def record(
    attempt: AttemptFolder,
    intent: Event,
    journal: Appends,
    *,
    known: Mapping[str, Any] = MappingProxyType({}),
    settler: Actor | None = None,
    backout: Backout | None = None,
) -> list[Event]:
    """Append the outcome of an attempt whose lock the caller holds, unless the log has one; returns that event.

    The event names the person who started the attempt when their supervisor records it. When a `settler` found it over,
    it names both. `backout` is as in `settle`, folded no earlier than the intent.
    """
    intent = intent if intent.seq else _in_full(intent, journal)
    draft = outcome_of(intent, attempt, known)
    if settler is not None:
        draft = replace(draft, data={**draft.data, "begun_by": intent.actor.name, "settled": True})

    def decide(later: list[Event]) -> list[Draft]:
        if any(event.event_id == draft.event_id for event in later):
            return []
        doubted = next((event.seq for event in later if _doubts(event, intent.event_id)), None)
        return [draft if doubted is None else replace(draft, data={**draft.data, "after_doubt": doubted})]

    now = journal.append(intent.log, after=intent.seq, decide=decide, actor=settler or intent.actor, known=backout)
    return [event for event in now if event.event_id == draft.event_id]


def _doubts(event: Event, intent_id: str) -> bool:
    """Whether a person declared that intent's attempt in doubt with this event."""
    said = event.payload
    return isinstance(said, DeclaredInDoubt) and said.of == intent_id


def _is_open(intent_id: str, log_id: str, journal: Appends) -> bool:
    return any(intent.event_id == intent_id for intent in open_intents(_all_events(log_id, journal)))


def _in_full(intent: Event, journal: Appends) -> Event:
    """The intent as it is in the log: a folded view keeps only its id and its host."""
    return next((event for event in _all_events(intent.log, journal) if event.event_id == intent.event_id), intent)


def _all_events(log_id: str, journal: Appends) -> list[Event]:
    seen: list[Event] = []

    def look(events: list[Event]) -> list[Draft]:
        seen.extend(events)
        return []

    journal.append(log_id, after=0, decide=look, actor=Actor(""))
    return seen


def _is_named(process: Mapping[str, Any]) -> bool:
    """Whether the values can be a process number, its start time, and a boot id."""
    numbers = (process["pid"], process["start_ticks"])
    whole = all(one is None or (type(one) is int and one >= 0) for one in numbers)
    return whole and isinstance(process["boot_id"], str | None)


def attempts_in(intents: Iterable[Event]) -> Iterator[Event]:
    """The intents of kinds that this program knows."""
    return (intent for intent in intents if intent.kind in ATTEMPTS)


@contextlib.contextmanager
def _when_over(database: Path, intent: Event, here: Machine) -> Iterator[AttemptFolder | None]:
    """The attempt's folder, locked if it exists, when the attempt is over; None when it may be alive."""
    claim = intent.claim
    on = begun_on(intent, claim.machine)
    with contextlib.closing(attempt_of(database, intent.event_id, claim.spool)) as attempt:
        said, lock = asked(attempt, claim.spool, same_boot=in_same_boot(on, here))
        try:
            yield attempt if judged(database, said, on, here) is Reach.OVER else None
        finally:
            if lock >= 0:
                os.close(lock)
