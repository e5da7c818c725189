"""The decision, the verdict, the close."""

from __future__ import annotations

from typing import Any

from backout_tui.domain import authority, gates
from backout_tui.domain.backout import OUTCOMES, Backout
from backout_tui.domain.events import Draft
from backout_tui.domain.judgement import may_authorise
from backout_tui.domain.outstanding import left_open
from backout_tui.domain.refusal import BREAK_GLASS, REASON
from backout_tui.engine.operator import Operator, Receipt, refuse
from backout_tui.engine.verbs import glass
from backout_tui.engine.verbs.ids import said
from backout_tui.errors import BackoutError

KINDS = ("back-out", "fix-forward", "stand-down")


def decide(
    op: Operator, kind: str = "back-out", *, by: str, reason: str, agreed: str = "", break_glass: bool = False
) -> Receipt:
    """Record what was decided, by whom and why; `agreed` says how the authoriser agreed when they are not here.

    Any name is taken. As what they decided, and how much before the proxy's time, stands in the record.
    """
    if kind not in KINDS:
        raise BackoutError(f"there is no decision {kind}", todo=f"It is one of: {', '.join(KINDS)}.")
    by, reason = said(by, "who decided"), said(reason, "the reason")

    def drafts(backout: Backout) -> list[Draft]:
        refuse(gates.why_not_decide(backout, {BREAK_GLASS} if break_glass else ()))
        data: dict[str, Any] = {
            "question": authority.question(backout),
            "kind": kind,
            "by": by,
            "reason": reason,
            "agreed": agreed.strip(),
            "problems": [problem.id for problem in backout.problems if problem.status != "resolved"],
            "named_authoriser": may_authorise(backout.plan, by),
            "role": authority.role_of(backout.plan, by),
            "early_s": authority.early_s(backout, by, op.desk.clock.now()),
            "break_glass": break_glass,
        }
        before = glass.broken(backout, f"decide to {kind}", reason) if break_glass else []
        return [*before, Draft("Decided", data)]

    return op.append(drafts)


def verdict(op: Operator, outcome: str, reason: str = "") -> Receipt:
    """Say whether it worked."""
    return op.append(lambda backout: [_verdict(backout, outcome, reason)])


def close(op: Operator, *, outcome: str = "", reason: str = "") -> Receipt:
    """Close the backout, with `outcome` as its verdict when none was given yet; `reason` covers what is left open."""

    def drafts(backout: Backout) -> list[Draft]:
        given = backout.verdict is not None and backout.verdict.outcome == outcome
        before = [_verdict(backout, outcome, reason)] if outcome and not given else []
        lifted = {REASON} if reason.strip() else set()
        refuse(gates.why_not_close(backout, outcome=outcome, lifted=lifted))
        final = outcome or (backout.verdict.outcome if backout.verdict else "")
        data = {"outcome": final, "reason": reason.strip(), "left_open": list(left_open(backout, final))}
        return [*before, Draft("BackoutClosed", data)]

    return op.append(drafts)


def reopen(op: Operator, reason: str) -> Receipt:
    """Open a closed backout again; its verdict is to be given anew."""
    reason = said(reason, "the reason")

    def drafts(backout: Backout) -> list[Draft]:
        refuse(gates.why_not_reopen(backout))
        return [Draft("BackoutReopened", {"reason": reason})]

    return op.append(drafts, closed_too=True)


def _verdict(backout: Backout, outcome: str, reason: str) -> Draft:
    if outcome not in OUTCOMES:
        raise BackoutError(f"there is no outcome {outcome}", todo=f"It is one of: {', '.join(OUTCOMES)}.")
    refuse(gates.why_not_verdict(backout, outcome, {REASON} if reason.strip() else ()))
    return Draft("VerdictGiven", {"outcome": outcome, "reason": reason.strip()})
