"""Settling: giving every intent whose attempt is over its outcome in the log, once, whoever comes first.

The supervisor settles its own attempt when it is done; whoever opens a backout settles what a supervisor left behind.
contract.md section 3.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

from backout_tui.domain.events import Actor, Draft, Event
from backout_tui.domain.text import clean, clean_all
from backout_tui.engine.spool import AttemptFolder, attempt_of, process_lives, remove, take_lock
from backout_tui.store import place
from backout_tui.store.place import spool_root

# The intent's kind, and how the kinds of its outcomes begin.
INTENTS = {"StepStarted": "Step", "CheckStarted": "Check", "ProbeStarted": "Probe", "MessageSending": "Message"}
_SUBJECTS = ("step", "check", "message", "attempt")  # the entries of an intent that its outcome repeats
ENDINGS = ("Finished", "NotStarted", "InDoubt")
OUTCOMES = frozenset(family + ending for family in INTENTS.values() for ending in ENDINGS)
_ORPHAN_AFTER_S = 60.0  # a younger folder without an intent may be one whose claim is just being made
_LAST_BYTES, _LAST_LINES = 2000, 12
_RESULTS = ("done", "failed", "in_doubt")


class Appends(Protocol):
    """What settling needs of the journal."""

    def append(
        self, log_id: str, *, after: int, decide: Callable[[list[Event]], Sequence[Draft]], actor: Actor
    ) -> list[Event]:
        """Append what `decide` asks for, given the events behind `after`, in one transaction; all events behind it."""


def what_settles(
    intent_kind: str, *, lock_free: bool, folder_present: bool, started: bool, outcome: bool
) -> str | None:
    """The kind of the outcome that settles an open intent, or None while its attempt may live.

    `started` also holds for an outcome that cannot be read. A folder that is gone altogether tells nothing, and least
    of all that nothing ran.
    """
    family = INTENTS[intent_kind]
    if not folder_present:
        return family + "InDoubt"
    if not lock_free:
        return None
    if outcome:
        return family + "Finished"
    return family + ("InDoubt" if started else "NotStarted")


def outcome_id(intent_id: str) -> str:
    """The event id of an intent's outcome, whatever it is: so two settlers append one event."""
    return hashlib.sha256(f"{intent_id}:outcome".encode()).hexdigest()[:32]


def open_intents(events: Iterable[Event]) -> list[Event]:
    """The intents without an outcome, in order."""
    waiting: dict[str, Event] = {}
    for event in events:
        if event.kind in INTENTS:
            waiting[event.event_id] = event
        elif event.kind in OUTCOMES:
            waiting.pop(str(event.data.get("intent", "")), None)
    return list(waiting.values())


def outcome_of(intent: Event, attempt: AttemptFolder, known: Mapping[str, Any] = MappingProxyType({})) -> Draft:
    """The outcome of an attempt in which nobody lives any more, with its output as the blob `output`.

    `known` is what the attempt's own supervisor knows beyond its folder: the outcome that a full disk did not take, or
    `why` there is none.
    """
    outcome = next((one for one in (attempt.outcome(), known) if one and one.get("result") in _RESULTS), None)
    kind = what_settles(
        intent.kind,
        lock_free=True,
        folder_present=attempt.path.is_dir(),
        # Without its lock file a folder was tampered with: nothing can be concluded from what else is missing.
        started=attempt.began or not (attempt.path / "lock").exists(),
        outcome=outcome is not None,
    )
    assert kind is not None
    if kind.endswith("NotStarted"):
        outcome = {"why": known.get("why") or "its supervisor ended before anything began"}
    elif outcome is None:
        outcome = _doubt(attempt, known)
    output = attempt.output().whole
    seen = {"last": _last(output)} if intent.kind == "ProbeStarted" and output else {}
    return Draft(
        kind,
        _subject(intent) | clean_all(outcome) | seen,
        (("output", output),) if output else (),
        outcome_id(intent.event_id),
        intent.lease,
    )


def _subject(intent: Event) -> dict[str, Any]:
    return {"intent": intent.event_id} | {key: intent.data[key] for key in _SUBJECTS if key in intent.data}


def _last(output: bytes) -> str:
    """The end of what a probe printed: it is shown beside its step."""
    text = output[-_LAST_BYTES:].decode("utf-8", "replace").rstrip("\n")
    return "\n".join(clean(text).split("\n")[-_LAST_LINES:])


def _doubt(attempt: AttemptFolder, known: Mapping[str, Any]) -> dict[str, Any]:
    if not attempt.path.is_dir():
        return {"why": f"its folder {attempt.path} is gone: nobody knows whether it ran", "still_running": None}
    lives = process_lives(attempt)
    words = {
        True: "its supervisor ended without recording an outcome; the command still ran then",
        False: "its supervisor ended without recording an outcome",
        None: "its supervisor ended without recording an outcome; whether the command still runs is not known",
    }
    why = known.get("why") or words[lives]
    doubt: dict[str, Any] = {"why": why, "still_running": lives, "dropped": attempt.output().dropped}
    if (process := attempt.process()) is not None:
        # Its folder goes once this is recorded: whether it still lives can be asked only by what stands here.
        started = attempt.started() or {}
        doubt |= {name: process.get(name) for name in ("pid", "start_ticks")} | {"boot_id": started.get("boot_id")}
    return doubt


def computed(database: Path, intents: Iterable[Event], *, here: str) -> list[Draft]:
    """What settling would append now, without writing anything: for a reader without write access."""
    drafts = []
    for intent in _of_this_host(intents, here):
        with _held(database, intent) as attempt:
            if attempt is not None:
                drafts.append(outcome_of(intent, attempt))
    return drafts


def settle(
    database: Path, log_id: str, intents: Sequence[Event], *, here: str, open_journal: Callable[[], Appends]
) -> list[Event]:
    """Append the outcome of every open intent of `log_id` whose attempt on this host (`here`) is over.

    Returns the outcomes as they stand in the log. Attempts of other hosts, and those that may live, are left alone. A
    folder is removed once its outcome is in the log; one that belongs to no open intent of it, after a minute.
    `open_journal` is called at most once, when there is something to write; the journal stays the caller's. Raises
    BackoutError when the log takes no more; what was settled before stays settled.
    """
    journal, appended = functools.cache(open_journal), list[Event]()
    for intent in _of_this_host(intents, here):
        with _held(database, intent) as attempt:
            if attempt is not None:
                appended += record(attempt, intent, journal())
                remove(attempt)
    _sweep(database, log_id, {intent.event_id for intent in intents}, journal)
    return appended


def record(
    attempt: AttemptFolder, intent: Event, journal: Appends, *, known: Mapping[str, Any] = MappingProxyType({})
) -> list[Event]:
    """Append the outcome of one attempt whose lock is held by the caller, unless the log has one; gives that event."""
    intent = intent if intent.seq else _in_full(intent, journal)
    draft = outcome_of(intent, attempt, known)

    def decide(later: list[Event]) -> list[Draft]:
        return [] if any(event.event_id == draft.event_id for event in later) else [draft]

    now = journal.append(intent.log, after=intent.seq, decide=decide, actor=intent.actor)
    return [event for event in now if event.event_id == draft.event_id]


def _in_full(intent: Event, journal: Appends) -> Event:
    """The intent as the log has it: a view that folded it away keeps no more of it than its id and its host."""
    return next((event for event in _all_events(intent.log, journal) if event.event_id == intent.event_id), intent)


def _all_events(log_id: str, journal: Appends) -> list[Event]:
    seen: list[Event] = []

    def look(events: list[Event]) -> list[Draft]:
        seen.extend(events)
        return []

    journal.append(log_id, after=0, decide=look, actor=Actor(""))
    return seen


def closed_to_us(database: Path, intents: Iterable[Event], *, here: str) -> list[str]:
    """What was begun on this host by a login whose spool this one may not read: in words, who can settle it."""
    return [
        f"only {place.name_of(uid)} can see whether {_named(intent)} still runs, and settle it"
        for intent in _of_this_host(intents, here)
        if (uid := _closed_by(attempt_of(database, intent.event_id))) is not None
    ]


def _closed_by(attempt: AttemptFolder) -> int | None:
    """The user whose attempt this is, where whether it lives cannot be seen; None where it can."""
    try:
        os.close(os.open(attempt.path / "lock", os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC))
    except PermissionError:
        return attempt.path.stat().st_uid
    except OSError:
        pass
    return None


def _named(intent: Event) -> str:
    name = INTENTS[intent.kind].lower()
    return f"{name} {intent.data.get(name)}"


def _of_this_host(intents: Iterable[Event], here: str) -> Iterator[Event]:
    return (intent for intent in intents if intent.kind in INTENTS and intent.actor.host == here)


@contextlib.contextmanager
def _held(database: Path, intent: Event) -> Iterator[AttemptFolder | None]:
    """The attempt's folder, locked, when nobody lives in it; None when somebody may, or the folder is closed to us."""
    attempt = attempt_of(database, intent.event_id)
    try:
        lock = take_lock(attempt)
    except FileNotFoundError:
        yield attempt
        return
    except OSError:
        lock = None
    try:
        yield None if lock is None else attempt
    finally:
        if lock is not None:
            os.close(lock)


def _sweep(database: Path, log_id: str, still_open: set[str], journal: Callable[[], Appends]) -> None:
    """Remove the folders that a crash left: of claims that never came into the log, and of outcomes that did."""
    try:
        folders = sorted(spool_root(database).iterdir())
    except OSError:
        return
    for folder in folders:
        attempt = AttemptFolder(folder)
        if attempt.id in still_open or not attempt.is_ours or not _is_old(attempt):
            continue
        with contextlib.suppress(OSError):
            _remove_orphan(attempt, log_id, journal)


def _remove_orphan(attempt: AttemptFolder, log_id: str, journal: Callable[[], Appends]) -> None:
    request = attempt.request()
    of_this_log = request is not None and request.get("log") == log_id
    # A claim is made only after its request is durable: without one, and nothing begun, there is no intent.
    if not of_this_log and (request is not None or attempt.began):
        return
    try:
        lock = take_lock(attempt)
    except FileNotFoundError:
        lock = -1
    if lock is None:
        return
    try:
        # Asked of the log again, under the lock: what the caller read may be older than this attempt.
        if not of_this_log or not _is_open(attempt, log_id, journal()):
            remove(attempt)
    finally:
        if lock >= 0:
            os.close(lock)


def _is_open(attempt: AttemptFolder, log_id: str, journal: Appends) -> bool:
    return any(intent.event_id == attempt.id for intent in open_intents(_all_events(log_id, journal)))


def _is_old(attempt: AttemptFolder) -> bool:
    try:
        return time.time() - attempt.path.stat().st_mtime > _ORPHAN_AFTER_S
    except OSError:
        return False
