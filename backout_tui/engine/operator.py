"""The operator of one backout: sees what is true, and appends what happens, under the gates.

There is one way to change anything (append under a gate), and one way to see anything (settle, then catch up). The
verbs are the functions in `engine.verbs`; they take an operator.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from functools import partial
from typing import Any

from msgspec import Struct

from backout_tui.domain.backout import fold
from backout_tui.domain.backout.events import Actor, Draft, Event
from backout_tui.domain.backout.holders import Asking, Holder, Standing
from backout_tui.domain.backout.items import Attempt
from backout_tui.domain.backout.payloads.kinds import EventKind
from backout_tui.domain.backout.runs import Away
from backout_tui.domain.backout.state import Backout, Lease
from backout_tui.domain.backout.whereabouts import Reach
from backout_tui.domain.clock.past import NO_PAST, Past
from backout_tui.domain.refusal import ADOPT, Refusal
from backout_tui.domain.rules import gates
from backout_tui.domain.rules.doubt import Life
from backout_tui.domain.rules.holding import waited_s
from backout_tui.domain.values import replace
from backout_tui.engine import alive, opening, pictures, soundness, timing
from backout_tui.engine.attempts import reach
from backout_tui.engine.attempts.spool import attempt_of
from backout_tui.engine.desk import Desk
from backout_tui.engine.session.session import Session, holder_of
from backout_tui.engine.session.standing import asks_still, how_taken, standing
from backout_tui.errors import BackoutError, Refused
from backout_tui.store.file.origin import COPY

Decide = Callable[[Backout], Sequence[Draft]]


class Receipt(Struct, frozen=True):
    """The result of a verb: its event, the id it created ("P2", "4a", "M3"), and the backout as it is now."""

    event: Event | None
    created: str | None
    backout: Backout


class OutputPart(Struct, frozen=True):
    """A piece of an attempt's output: the text since `offset`, the count of bytes dropped inside, and the last part."""

    text: bytes
    offset: int
    dropped: int = 0
    tail: str = ""


def refuse(refusal: Refusal | None) -> None:
    """Raise Refused if a gate said no."""
    if refusal is not None:
        raise Refused(refusal.words, lifted_by=refusal.lifted_by)


class Operator:
    """One session's work on one backout. Synchronous, and used from one thread only."""

    def __init__(self, desk: Desk, backout: Backout, not_recorded: str = "") -> None:
        """Work on `backout`, which `opening.opened` read; `Operator.open` does both.

        `not_recorded` says why an outcome that is shown is not in the log; "" when all of them are. A dashboard needs
        the controls for its own session, so its opener sets `is_dashboard`; other callers act under the session of the
        same name.
        """
        self.desk, self.backout, self.not_recorded = desk, backout, not_recorded
        self.session = Session(desk.database)
        self.is_dashboard = False
        self._seen = -1
        self._past: Past | None = None

    @classmethod
    def open(cls, desk: Desk, backout_id: int, *, is_dashboard: bool = False) -> Operator:
        """Open a backout: settle what was left behind, then read it. Raises BackoutError when there is none."""
        version = desk.reader.data_version()  # asked before reading, so that changes in between are caught later
        operator = cls(desk, *opening.opened(desk, backout_id))
        operator._seen, operator.is_dashboard = version, is_dashboard
        return operator

    @property
    def actor(self) -> Actor:
        """The person who works here."""
        return self.desk.actor

    @property
    def log_id(self) -> str:
        """The log's id, like `backout:3`."""
        return f"backout:{self.backout.id}"

    @contextmanager
    def yielding(self, to: Callable[[], bool]) -> Iterator[None]:
        """While a look waits for somebody else's lock on the database, give up as soon as `to` says so."""
        reader = self.desk.reader
        before, reader.gives_up = reader.gives_up, to
        try:
            yield
        finally:
            reader.gives_up = before

    # ── seeing ────────────────────────────────────────────────────────────────────────────────────────────────────

    def refresh(self) -> Backout:
        """Settle attempts that ended without an outcome, and read what others wrote. Cheap when nothing changed.

        Raises BackoutError when an ended attempt cannot be recorded now; the next refresh tries again.
        """
        if opening.why_read_only(self.desk) is None:
            self.backout = self._recorded
            opening.settle_open(self.desk, self.backout)
            self._catch_up()
        else:
            self._catch_up()
            self.backout = opening.as_read_here(self.desk, self.backout)
        return self.backout

    def _catch_up(self) -> None:
        version = self.desk.reader.data_version()
        if version != self._seen:
            self._seen, self.backout = version, opening.caught_up(self.desk, self._recorded)

    @property
    def _recorded(self) -> Backout:
        """The newest state as recorded: without computed outcomes, and without the marks of a copy."""
        only_shown = self.backout.unrecorded or self.backout.copied
        return opening.recorded(self.desk, self.backout.id) if only_shown else self.backout

    def awaiting(self) -> Mapping[str, str]:
        """The attempts that ended but cannot be recorded yet: a sentence for each, by its intent."""
        return opening.awaiting(self.desk, self.backout)

    def closed_to_us(self) -> str:
        """A sentence about what runs under a login whose attempts this one cannot read; "" when there is nothing."""
        return opening.closed_to_us(self.desk, self.backout)

    def events(self, after: int = 0) -> list[Event]:
        """The events of the log after that seq, in order."""
        return self.desk.reader.events_after(self.log_id, after)

    def blob(self, sha256: str) -> bytes | None:
        """Bytes kept beside the log."""
        return self.desk.reader.blob(sha256)

    def output(self, attempt: Attempt, offset: int = 0) -> OutputPart:
        """The output of an attempt from `offset` on: from its spool while it runs, and from the log afterwards."""
        if attempt.output:
            kept = self.blob(attempt.output) or b""
            return OutputPart(kept[offset:], len(kept))
        with closing(attempt_of(self.desk.database, attempt.intent, attempt.spool)) as folder:
            kept_now = folder.output()
        piece = kept_now.head[offset:]
        return OutputPart(piece, offset + len(piece), kept_now.dropped, kept_now.tail.decode("utf-8", "replace"))

    def life_of(self, attempt: Attempt) -> Life:
        """Whether the process of an attempt in doubt is still alive, asked now."""
        return alive.life_of(self.desk.database, attempt, self.desk.here)

    def out_of_reach(self) -> Away:
        """The attempts under way that cannot be asked from here, by intent."""
        return opening.out_of_reach(self.desk, self.backout)

    def reach_of(self, attempt: Attempt) -> Reach:
        """What can be found out now about an attempt that has no outcome."""
        return reach.reach_of(self.desk.database, attempt, self.desk.here)

    # ── the time ──────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def past(self) -> Past:
        """How long the plan's commands took before, once `learn_past` has read it."""
        return self._past or NO_PAST

    def learn_past(self) -> Past:
        """Read how long the plan's commands took before; only once, because it doesn't change any more."""
        if self._past is None:
            self._past = timing.past_before(self.desk, self.backout)
        return self._past

    def silent_steps(self) -> Mapping[str, datetime]:
        """The running steps that have printed nothing for too long, and since when."""
        return alive.silent_steps(self.desk, self.backout)

    # ── the controls ──────────────────────────────────────────────────────────────────────────────────────────────

    def holder_in(self, backout: Backout) -> Holder:
        """The state of the session that last took the controls in `backout`."""
        lease = backout.lease
        own = lease is not None and lease.session == self.session.id and lease.handed is None
        return Holder.LIVES if own else holder_of(self.desk.database, lease, self.desk.here)

    @property
    def standing(self) -> Standing:
        """This session's position with the controls."""
        return self.standing_in(self.backout)

    def standing_in(self, backout: Backout) -> Standing:
        """This session's position with the controls of `backout`."""
        return standing(
            backout,
            self.actor,
            session=self.session.id,
            holder=self.holder_in(backout),
            joins=not self.is_dashboard,
            asks=self.asks_still,
            waiting=self._waited_s,
        )

    def _waited_s(self, asking: Asking) -> int:
        clock = self.desk.clock
        return waited_s(asking, clock.now(), clock.mono_ns(), self.desk.here)

    def asks_still(self, asking: Asking) -> bool:
        """Whether somebody who asked for the controls is still asking."""
        return asks_still(self.desk.database, asking, self.desk.here)

    def take_what_is_given(self) -> bool:
        """Take the controls if this session asked for them and got them; returns whether it did."""
        handed = self.backout.lease.handed if self.backout.lease is not None else None
        return handed is not None and handed.session == self.session.id and self.take_controls()

    @property
    def has_controls(self) -> bool:
        """Whether this actor has the controls now."""
        lease = self.backout.lease
        return lease is not None and lease.actor.name == self.actor.name and self.why_not_act() is None

    def why_not_act(self) -> Refusal | None:
        """Why this operator cannot write now: closed, read only, or somebody else has the controls."""
        if (why := opening.why_read_only(self.desk)) is not None:
            lifted_by = ADOPT if why == COPY else ""
            return Refusal(f"{why[:1].upper()}{why[1:].rstrip('.')}.", lifted_by)
        return self.why_no_controls_in(self.backout)

    def why_no_controls_in(self, backout: Backout, *, closed_too: bool = False) -> Refusal | None:
        """Why this session doesn't have the controls of `backout`; with `closed_too` a closed backout is no reason."""
        holder = self.holder_in(backout)
        gate = gates.why_no_controls if closed_too else gates.why_not_act
        return gate(
            backout,
            self.actor.name,
            holder_lives=holder in (Holder.LIVES, Holder.AWAY),
            gone=holder is Holder.GONE,
            away=holder is Holder.AWAY,
            session=self.session.id if self.is_dashboard else None,
            now=self.desk.clock.now(),
        )

    def take_controls(self) -> bool:
        """Take the controls when they are free, or were given to us; False when somebody else has them."""
        if self.why_not_act() is not None:
            return False
        try:
            self.append(lambda _: ())
        except Refused:  # somebody else was faster
            return False
        return True

    def whether_sound(self) -> Callable[[], soundness.Fault | None]:
        """A function that checks, in any thread, that the log is what was written; give its answer to `distrust`."""
        return partial(soundness.fault, self.desk.database, self.log_id)

    def distrust(self, fault: soundness.Fault) -> None:
        """From now on only read, because the log is not what was written."""
        self.desk.distrusted, self.desk.unsound = fault.words, fault.events
        self.desk.unsound_items = soundness.spoken_of_in(fault, self.events)

    def warm_up(self) -> None:
        """Import and open the writing part before the first write needs it."""
        self.desk.journal()

    # ── writing ───────────────────────────────────────────────────────────────────────────────────────────────────

    def append(self, decide: Decide, *, closed_too: bool = False) -> Receipt:
        """Append what `decide` drafts from the newest state, in one transaction; the verb's own event is the last.

        `decide` may be called again when somebody else was faster; it raises Refused to say no. With `closed_too` it
        also writes to a closed backout. Raises Refused, BackoutError.
        """

        def under_the_controls(backout: Backout) -> list[Draft]:
            refuse(self.why_no_controls_in(backout, closed_too=closed_too))
            taken, lease = self._controls(backout, closed_too=closed_too)
            return [*taken, *(replace(draft, lease=lease) for draft in decide(backout))]

        return self._append(under_the_controls)

    def append_without_controls(self, decide: Decide) -> Receipt:
        """Append what `decide` drafts although somebody else has the controls: it asks for them, or takes them."""
        return self._append(decide)

    def _append(self, decide: Decide) -> Receipt:
        if self.desk.distrusted:
            refuse(self.why_not_act())
        wrote = 0

        def in_transaction(others: list[Event]) -> list[Draft]:
            nonlocal wrote
            drafts = list(decide(fold.fold(self.backout, others)))
            wrote = len(drafts)
            return drafts

        journal, self.backout = self.desk.journal(), self._recorded
        before, after = self.backout.seq, self.backout

        def folded(events: list[Event]) -> Backout:
            nonlocal after
            after = fold.fold(self.backout, events)
            return after

        appended = journal.append(self.log_id, after=before, decide=in_transaction, actor=self.actor, folded=folded)
        self.backout = after
        pictures.keep(self.desk, self.backout, before)
        return Receipt(appended[-1] if wrote and appended else None, None, self.backout)

    def _controls(self, backout: Backout, *, closed_too: bool) -> tuple[list[Draft], int]:
        """The drafts that take the controls, if nobody of this name has them, and the lease to write under."""
        lease = backout.lease
        ours = lease is not None and lease.handed is None and lease.actor.name == self.actor.name
        if lease is not None and ours and self.holder_in(backout) is not Holder.AWAY:
            if self.standing_in(backout).mine or self._resumed(lease):
                return [], lease.number
            refuse(self.why_no_controls_in(backout, closed_too=closed_too))  # another dashboard of ours was faster
        return self.taking(backout)

    def _resumed(self, lease: Lease) -> bool:
        try:
            return self.session.resume(lease.session, lease.lock)
        except (OSError, BackoutError):
            return False  # then the controls are taken again, and that reports what is wrong

    def taking(self, backout: Backout, reason: str = "") -> tuple[list[Draft], int]:
        """The draft that takes the controls for this session, and the lease that it creates."""
        number = backout.leases + 1
        how = how_taken(backout.lease, self.standing_in(backout), self.actor)
        data = {**self.begun_session(), **how, **({"reason": reason} if reason else {})}
        return [Draft(EventKind.CONTROLS_TAKEN, data, lease=number)], number

    def begun_session(self) -> dict[str, Any]:
        """What a record says about this session, which starts now. Raises BackoutError when it cannot start."""
        try:
            self.session.begin()
        except OSError as error:
            raise BackoutError(
                f"the session's lock cannot be made ({error.strerror})",
                where=f"{self.desk.database}.d",
                todo="Check the folder's disk space, owner and mode.",
            ) from error
        lock = self.session.locked
        told = {"session": self.session.id, "machine": self.desk.here.id}
        return told | ({"lock": lock.record()} if lock is not None else {})

    def close(self, *, left: bool = True) -> None:
        """End the session; running commands go on. The controls become free if the person has `left`."""
        self.session.end(left=left)
        self.desk.close()
