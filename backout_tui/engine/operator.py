"""The operator of one backout: sees what is true, and appends what happens, under the gates.

One way to change anything (append under a gate), one way to see anything (settle, then catch up). The verbs are the
functions in `engine.verbs`; they take an operator.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from backout_tui.domain import fold, gates
from backout_tui.domain.backout import Backout
from backout_tui.domain.controls import Asking, Holder, Standing
from backout_tui.domain.doubt import Life
from backout_tui.domain.events import Actor, Draft, Event
from backout_tui.domain.items import Attempt
from backout_tui.domain.past import NO_PAST, Past
from backout_tui.domain.refusal import Refusal
from backout_tui.engine import life, opening, pictures, silence, soundness, timing
from backout_tui.engine.desk import Desk
from backout_tui.engine.session import Session, holder_of
from backout_tui.engine.spool import attempt_of
from backout_tui.engine.standing import asks_still, how_taken, standing
from backout_tui.errors import BackoutError, Refused

Decide = Callable[[Backout], Sequence[Draft]]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a verb did: its event, the id it created ("P2", "4a", "M3"), and the backout as it stands now."""

    event: Event | None
    created: str | None
    backout: Backout


@dataclass(frozen=True, slots=True)
class OutputPart:
    """A piece of an attempt's output: what came since `offset`, the bytes dropped in the middle, and the last part."""

    text: bytes
    offset: int
    dropped: int = 0
    tail: str = ""


def refuse(refusal: Refusal | None) -> None:
    """Raise Refused when a gate said no."""
    if refusal is not None:
        raise Refused(refusal.words, lifted_by=refusal.lifted_by)


class Operator:
    """One backout as one session works on it. Synchronous, and used from one thread only."""

    def __init__(self, desk: Desk, backout: Backout, not_recorded: str = "") -> None:
        """Work on `backout`, which `opening.opened` read; `Operator.open` does both.

        `not_recorded` says why an outcome that is shown is not in the log; "" when all of them are. A dashboard needs
        the controls for its own session: whoever opens one sets `is_dashboard`; others act under that of their name.
        """
        self.desk, self.backout, self.not_recorded = desk, backout, not_recorded
        self.session = Session(desk.database)
        self.is_dashboard = False
        self._seen = -1
        self._past: Past | None = None

    @classmethod
    def open(cls, desk: Desk, backout_id: int, *, is_dashboard: bool = False) -> Operator:
        """Open a backout: settle what was left behind, then read it. Raises BackoutError when there is none."""
        version = desk.reader.data_version()  # before it is read: what comes in between is caught up with
        operator = cls(desk, *opening.opened(desk, backout_id))
        operator._seen, operator.is_dashboard = version, is_dashboard
        return operator

    @property
    def actor(self) -> Actor:
        """Who works here."""
        return self.desk.actor

    @property
    def log_id(self) -> str:
        """`backout:3`."""
        return f"backout:{self.backout.id}"

    # ── seeing ────────────────────────────────────────────────────────────────────────────────────────────────────

    def refresh(self) -> Backout:
        """Settle what ended without a word, and catch up with what others wrote. Cheap when nothing changed.

        Raises BackoutError when something ended and cannot be recorded now; the next refresh tries again.
        """
        if opening.why_read_only(self.desk) is None:
            self.backout = self._recorded
            opening.settle_open(self.desk, self.backout)
            self._catch_up()
        else:
            self._catch_up()
            if not self.backout.unrecorded:
                self.backout = opening.computed(self.desk, self.backout)
        return self.backout

    def _catch_up(self) -> None:
        version = self.desk.reader.data_version()
        if version != self._seen:
            self._seen, self.backout = version, opening.caught_up(self.desk, self._recorded)

    @property
    def _recorded(self) -> Backout:
        """The newest state without what was only computed."""
        return opening.recorded(self.desk, self.backout.id) if self.backout.unrecorded else self.backout

    def closed_to_us(self) -> str:
        """What runs under a login whose attempts this one may not look into; "" when there is nothing."""
        return opening.closed_to_us(self.desk, self.backout)

    def events(self, after: int = 0) -> list[Event]:
        """The log after that seq, in order."""
        return self.desk.reader.events_after(self.log_id, after)

    def blob(self, sha256: str) -> bytes | None:
        """Bytes kept beside the log."""
        return self.desk.reader.blob(sha256)

    def output(self, attempt: Attempt, offset: int = 0) -> OutputPart:
        """The output of an attempt from `offset` on: live from its spool while it runs, afterwards as it was kept."""
        if attempt.output:
            kept = self.blob(attempt.output) or b""
            return OutputPart(kept[offset:], len(kept))
        folder = attempt_of(self.desk.database, attempt.intent)
        piece = folder.output_from(offset)
        kept_now = folder.output()
        return OutputPart(piece, offset + len(piece), kept_now.dropped, kept_now.tail.decode("utf-8", "replace"))

    def life_of(self, attempt: Attempt) -> Life:
        """Whether the process of an attempt in doubt still lives, asked now."""
        return life.life_of(attempt, self.actor.host)

    # ── the time ──────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def past(self) -> Past:
        """How long the plan's commands took before, once `learn_past` has read it."""
        return self._past or NO_PAST

    def learn_past(self) -> Past:
        """Read how long the plan's commands took before; once, it does not change any more."""
        if self._past is None:
            self._past = timing.past_before(self.desk, self.backout)
        return self._past

    def silent_steps(self) -> Mapping[str, datetime]:
        """The running steps that have printed nothing for too long, and since when."""
        return silence.silent_steps(self.desk, self.backout)

    # ── the controls ──────────────────────────────────────────────────────────────────────────────────────────────

    def holder_in(self, backout: Backout) -> Holder:
        """What is true of the session that took the controls last in `backout`."""
        lease = backout.lease
        own = lease is not None and lease.session == self.session.id and lease.handed is None
        return Holder.LIVES if own else holder_of(self.desk.database, lease, self.actor.host)

    def holder_lives_in(self, backout: Backout) -> bool:
        """Whether the session that has the controls in `backout` lives."""
        return self.holder_in(backout) is Holder.LIVES

    @property
    def standing(self) -> Standing:
        """Where this session stands with the controls."""
        return self.standing_in(self.backout)

    def standing_in(self, backout: Backout) -> Standing:
        """Where it stands with them in `backout`."""
        return standing(
            backout,
            self.actor,
            session=self.session.id,
            holder=self.holder_in(backout),
            joins=not self.is_dashboard,
            asks=self.asks_still,
        )

    def asks_still(self, asking: Asking) -> bool:
        """Whether somebody who asked for the controls is still there."""
        return asks_still(self.desk.database, asking, self.actor.host)

    def take_what_is_given(self) -> bool:
        """Take the controls that were asked for here and agreed to; whether there were any."""
        handed = self.backout.lease.handed if self.backout.lease is not None else None
        return handed is not None and handed.session == self.session.id and self.take_controls()

    @property
    def has_controls(self) -> bool:
        """Whether this actor has the controls now."""
        lease = self.backout.lease
        return lease is not None and lease.actor.name == self.actor.name and self.why_not_act() is None

    def why_not_act(self) -> Refusal | None:
        """Why this operator may not write now: closed, only for reading, or somebody else has the controls."""
        if (why := opening.why_read_only(self.desk)) is not None:
            return Refusal(f"{why[:1].upper()}{why[1:].rstrip('.')}.")
        return self.why_no_controls_in(self.backout)

    def why_no_controls_in(self, backout: Backout, *, closed_too: bool = False) -> Refusal | None:
        """Why this session has not the controls of `backout`; `closed_too`: a closed one is no reason."""
        holder = self.holder_in(backout)
        gate = gates.why_no_controls if closed_too else gates.why_not_act
        return gate(
            backout,
            self.actor.name,
            holder_lives=holder is Holder.LIVES,
            gone=holder is Holder.GONE,
            session=self.session.id if self.is_dashboard else None,
        )

    def take_controls(self) -> bool:
        """Take the controls when they are free, or given to us; False when somebody has them."""
        if self.why_not_act() is not None:
            return False
        try:
            self.append(lambda _: ())
        except Refused:  # somebody was faster
            return False
        return True

    def whether_sound(self) -> Callable[[], str | None]:
        """What asks, in any thread, whether the log is what was written; give its answer to `distrust`."""
        return partial(soundness.fault, self.desk.database, self.log_id)

    def distrust(self, why: str) -> None:
        """Only read from now on: the log is not what was written."""
        self.desk.distrusted = why

    def warm_up(self) -> None:
        """Import and open what writes, ahead of the first write."""
        self.desk.journal()

    # ── writing ───────────────────────────────────────────────────────────────────────────────────────────────────

    def append(self, decide: Decide, *, closed_too: bool = False) -> Receipt:
        """Append what `decide` drafts from the newest state, in one transaction; the verb's own event is the last.

        `decide` may be asked again when somebody else was faster; it raises Refused to say no. `closed_too`: also on a
        closed backout. Raises Refused, BackoutError.
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
        appended = journal.append(self.log_id, after=self.backout.seq, decide=in_transaction, actor=self.actor)
        before, self.backout = self.backout.seq, fold.fold(self.backout, appended)
        pictures.keep(self.desk, self.backout, before)
        return Receipt(appended[-1] if wrote and appended else None, None, self.backout)

    def _controls(self, backout: Backout, *, closed_too: bool) -> tuple[list[Draft], int]:
        """The controls, taken silently when nobody of this name has them, and the number to write under."""
        lease, me = backout.lease, self.actor
        ours = lease is not None and lease.handed is None and (lease.actor.name, lease.actor.host) == (me.name, me.host)
        if lease is not None and ours:
            if self.standing_in(backout).mine or self._resumed(lease.session):
                return [], lease.number
            refuse(self.why_no_controls_in(backout, closed_too=closed_too))  # another dashboard of ours was faster
        return self.taking(backout)

    def _resumed(self, session: str) -> bool:
        try:
            return self.session.resume(session)
        except (OSError, BackoutError):
            return False  # then the controls are taken anew, and what is wrong is said there

    def taking(self, backout: Backout, reason: str = "") -> tuple[list[Draft], int]:
        """The draft that takes the controls for this session, and the number that it gives."""
        self.begun_session()
        number = backout.leases + 1
        how = how_taken(backout.lease, self.holder_in(backout), self.actor)
        data = {"session": self.session.id, **how, **({"reason": reason} if reason else {})}
        return [Draft("ControlsTaken", data, lease=number)], number

    def begun_session(self) -> str:
        """This session, which lives from now on. Raises BackoutError when its lock cannot be made."""
        try:
            self.session.begin()
        except OSError as error:
            raise BackoutError(
                f"the session's lock cannot be made ({error.strerror})",
                where=f"{self.desk.database}.d",
                todo="Look at the folder's disk space, owner and mode.",
            ) from error
        return self.session.id

    def close(self, *, left: bool = True) -> None:
        """End the session, and what runs goes on. The controls are free from now on, if the person has `left`."""
        self.session.end(left=left)
        self.desk.close()
