"""Where the operator stands: what a command's gate looks at, and what the command would act on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct
from msgspec import field as struct_field

from backout_tui.domain.backout.holders import NO_STANDING, Holder, Standing
from backout_tui.domain.backout.items import CheckState, MessageState, StepState
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.backout.states import StepStatus
from backout_tui.domain.refusal import ADOPT, Refusal
from backout_tui.domain.rules.doubt import Life
from backout_tui.domain.rules.next_wish import Wish

PANES = ("problems", "plan", "checks", "messages")
"""The four panes, in the order of their keys 1-4."""
PANE_OF = {"problem": "problems", "step": "plan", "check": "checks", "message": "messages", "call": "messages"}
"""Which pane lists what."""

Item = tuple[str, str]
"""What a row stands for: ("problem" | "step" | "check" | "message" | "call", its id)."""


_PANE_OF_KEY = {
    "p": "problems",
    "D": "problems",
    "r": "plan",
    "a": "plan",
    "v": "checks",
    "m": "messages",
    "k": "messages",
}


def pane_of_wish(wish: Wish, otherwise: str) -> str:
    """The pane where the Next line's item is handled; `otherwise` when it has none."""
    return PANE_OF[wish.on[0]] if wish.on is not None else _PANE_OF_KEY.get(wish.key, otherwise)


def is_running(backout: Backout) -> bool:
    """Whether something is running whose time is shown by the second."""
    return bool(backout.leaves_in(StepStatus.RUNNING)) or any(check.running for check in backout.checks.values())


def has_come(backout: Backout, before: datetime, now: datetime) -> bool:
    """Whether a minute or a due call has come since `before`; otherwise nothing shown has changed."""
    due = any(call.follow_up is not None and before < call.follow_up <= now for call in backout.calls)
    return due or (now.hour, now.minute) != (before.hour, before.minute)


class Situation(Struct, frozen=True):
    """What is true, where the cursor is, and what the Next line says.

    `on` is the row under the cursor of `pane`, or the opened item; None in an empty pane. `no_controls` says why this
    person may not write, and `standing` where this session stands with the controls. `lives` says what is known of the
    processes of what is in doubt, by intent.
    """

    backout: Backout
    wish: Wish
    pane: str = "plan"
    on: Item | None = None
    no_controls: Refusal | None = None
    actor: str = ""
    standing: Standing = NO_STANDING
    lives: Mapping[str, Life] = struct_field(default_factory=dict)

    def target(self, kind: str) -> str | None:
        """The id of the `kind` that a key would act on.

        It is the item under the cursor; in another pane, it is the item that the Next line names.
        """
        if self.on is not None and self.on[0] == kind:
            return self.on[1]
        if self.pane != PANE_OF[kind] and self.wish.on is not None and self.wish.on[0] == kind:
            return self.wish.on[1]
        return None

    @property
    def looks_on(self) -> bool:
        """Whether this person lacks the controls: somebody else has them, or this is a copy where nobody has them."""
        lease, is_open = self.backout.lease, self.backout.closed_at is None
        held = lease is not None and (self.standing.holder is not Holder.FREE or lease.handed is not None)
        refusal = self.no_controls
        return refusal is not None and is_open and (refusal.lifted_by == ADOPT or (held and not self.standing.mine))

    @property
    def step(self) -> StepState | None:
        """The step that a key would act on."""
        return self.backout.steps.get(self.target("step") or "")

    @property
    def check(self) -> CheckState | None:
        """The check that a key would act on."""
        return self.backout.checks.get(self.target("check") or "")

    @property
    def message(self) -> MessageState | None:
        """The message that a key would act on."""
        return self.backout.messages.get(self.target("message") or "")
