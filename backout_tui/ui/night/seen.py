"""What the screen is told: the backout as the operator sees it at one moment, and its output piece by piece."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec import field as struct_field

from backout_tui.domain.backout.events import Spoken
from backout_tui.domain.backout.holders import NO_STANDING, Standing
from backout_tui.domain.backout.items import Attempt
from backout_tui.domain.backout.runs import Away
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.backout.states import AttemptStatus
from backout_tui.domain.clock.forecast import Silent
from backout_tui.domain.clock.past import NO_PAST, Past
from backout_tui.domain.refusal import Refusal
from backout_tui.domain.rules.doubt import Life, doubts
from backout_tui.errors import BackoutError

if TYPE_CHECKING:
    from backout_tui.engine.operator import Operator


class Seen(Struct, frozen=True):
    """What the operator sees of one backout at one moment."""

    backout: Backout
    why_not_act: Refusal | None  # why they may not write now; None if they may
    actor: str  # who they are
    fault: str = ""  # what is wrong with the log itself
    unsound: Mapping[int, str] = struct_field(default_factory=dict)  # the same, by event
    unsound_items: Mapping[Spoken, str] = struct_field(default_factory=dict)  # the same, by the item
    past: Past = NO_PAST  # how long commands took before, once that was read
    silent: Silent = struct_field(default_factory=dict)  # the running steps that have printed nothing for too long
    standing: Standing = NO_STANDING  # where this session stands with the controls
    lives: Mapping[str, Life] = struct_field(default_factory=dict)  # the processes of what is in doubt, by intent
    unseen: str = ""  # what is running and cannot be inspected by this login
    away: Away = struct_field(default_factory=dict)  # all that is running and cannot be asked from here
    awaiting: Mapping[str, str] = struct_field(default_factory=dict)  # what ended and cannot be recorded yet, by intent


class Piece(Struct, frozen=True):
    """New output of an attempt. `afresh` means that it starts over; `tail` replaces the tail before."""

    intent: str
    text: str
    dropped: int = 0
    tail: str = ""
    afresh: bool = False


class Listener(Struct, frozen=True):
    """The screen's callbacks, called in its own loop. `trouble` gets None when the trouble is over."""

    seen: Callable[[Seen], None]
    output: Callable[[Piece], None]
    trouble: Callable[[BackoutError | None], None]
    crashed: Callable[[Exception], None]


class Tail:
    """How far one attempt's output has been read; only the link's thread uses it."""

    def __init__(self, attempt: Attempt) -> None:
        """Begin at the start of the output."""
        self.attempt = attempt
        self.is_over = False
        self._offset = 0
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._end: tuple[int, str] = (0, "")
        self._afresh = True

    def is_of(self, attempt: Attempt) -> bool:
        """Whether this reads the output of `attempt`, and the output is still in the same place."""
        return (self.attempt.intent, self.attempt.output) == (attempt.intent, attempt.output)

    def read(self, operator: Operator) -> Piece | None:
        """Return what came since the last time, or None. The output of an ended attempt is read once."""
        part = operator.output(self.attempt, self._offset)
        self.is_over = self.attempt.state is not AttemptStatus.RUNNING
        text, end = self._decode(part.text), (part.dropped, part.tail)
        self._offset = part.offset
        if not (text or self._afresh or end != self._end):
            return None
        piece = Piece(self.attempt.intent, text, part.dropped, part.tail, self._afresh)
        self._end, self._afresh = end, False
        return piece


def seen_by(operator: Operator) -> Seen:
    """What the operator sees now."""
    return Seen(
        backout=operator.backout,
        why_not_act=operator.why_not_act(),
        actor=operator.actor.name,
        fault=operator.desk.distrusted,
        unsound=operator.desk.unsound,
        unsound_items=operator.desk.unsound_items,
        past=operator.past,
        silent=operator.silent_steps(),
        standing=operator.standing,
        lives={
            doubt.attempt.intent: operator.life_of(doubt.attempt)
            for doubt in doubts(operator.backout)
            if doubt.attempt is not None
        },
        unseen=operator.closed_to_us(),
        away=operator.out_of_reach(),
        awaiting=operator.awaiting(),
    )


def beside(seen: Seen) -> tuple[object, ...]:
    """What may change although the backout stays the same."""
    about = seen.why_not_act, seen.fault, seen.past, seen.silent, seen.standing, seen.lives
    return *about, seen.unseen, seen.away, seen.awaiting
