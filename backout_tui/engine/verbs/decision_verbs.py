"""The decision, the verdict, the close."""

from __future__ import annotations

from typing import Any

from backout_tui.domain.backout.choices import OUTCOMES, ProblemStatus
from backout_tui.domain.backout.events import Draft
from backout_tui.domain.backout.payloads.kinds import EventKind
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.plan.authorisers import may_authorise
from backout_tui.domain.refusal import BREAK_GLASS, REASON
from backout_tui.domain.rules import authority, gates
from backout_tui.domain.rules.outstanding import left_open
from backout_tui.engine.operator import Operator, Receipt, refuse
from backout_tui.engine.verbs import glass
from backout_tui.engine.verbs.ids import said
from backout_tui.engine.verbs.table.problem_table import DECISIONS
from backout_tui.errors import BackoutError


def decide(
    op: Operator, kind: str = "back-out", *, by: str, reason: str, agreed: str = "", break_glass: bool = False
) -> Receipt:
    """Record what was decided, by whom and why; `agreed` says how the authoriser agreed if they are not here.

    Any name is accepted. The record also shows in which role they decided, and how long before the proxy's time.
    """
    if kind not in DECISIONS:
        raise BackoutError(f"there is no decision {kind}", todo=f"It is one of: {', '.join(DECISIONS)}.")
    by, reason = said(by, "who decided"), said(reason, "the reason")

    def drafts(backout: Backout) -> list[Draft]:
        refuse(gates.why_not_decide(backout, {BREAK_GLASS} if break_glass else ()))
        data: dict[str, Any] = {
            "question": authority.question(backout),
            "kind": kind,
            "by": by,
            "reason": reason,
            "agreed": agreed.strip(),
            "problems": [problem.id for problem in backout.problems if problem.status is not ProblemStatus.RESOLVED],
            "named_authoriser": may_authorise(backout.plan, by),
            "role": authority.role_of(backout.plan, by),
            "early_s": authority.early_s(backout, by, op.desk.clock.now()),
            "break_glass": break_glass,
        }
        before = glass.broken(backout, f"decide to {kind}", reason) if break_glass else []
        return [*before, Draft(EventKind.DECIDED, data)]

    return op.append(drafts)


def verdict(op: Operator, outcome: str, reason: str = "") -> Receipt:
    """Record whether the backout worked."""
    return op.append(lambda backout: [_verdict(op, backout, outcome, reason)])


def close(op: Operator, *, outcome: str = "", reason: str = "") -> Receipt:
    """Close the backout, with `outcome` as its verdict if it has none yet; `reason` covers what is left open."""

    def drafts(backout: Backout) -> list[Draft]:
        given = backout.verdict is not None and backout.verdict.outcome == outcome
        before = [_verdict(op, backout, outcome, reason)] if outcome and not given else []
        lifted = {REASON} if reason.strip() else set()
        refuse(gates.why_not_close(backout, outcome=outcome, lifted=lifted, away=op.out_of_reach()))
        final = outcome or (backout.verdict.outcome if backout.verdict else "")
        data = {"outcome": final, "reason": reason.strip(), "left_open": list(left_open(backout, final))}
        return [*before, Draft(EventKind.BACKOUT_CLOSED, data)]

    return op.append(drafts)


def reopen(op: Operator, reason: str) -> Receipt:
    """Reopen a closed backout; it needs a new verdict."""
    reason = said(reason, "the reason")

    def drafts(backout: Backout) -> list[Draft]:
        refuse(gates.why_not_reopen(backout))
        return [Draft(EventKind.BACKOUT_REOPENED, {"reason": reason})]

    return op.append(drafts, closed_too=True)


def _verdict(op: Operator, backout: Backout, outcome: str, reason: str) -> Draft:
    if outcome not in OUTCOMES:
        raise BackoutError(f"there is no outcome {outcome}", todo=f"It is one of: {', '.join(OUTCOMES)}.")
    refuse(gates.why_not_verdict(backout, outcome, {REASON} if reason.strip() else (), op.out_of_reach()))
    return Draft(EventKind.VERDICT_GIVEN, {"outcome": outcome, "reason": reason.strip()})
