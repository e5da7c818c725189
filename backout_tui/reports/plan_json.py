"""A plan, and what a check found in it, as JSON data. contract.md section 9."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from backout_tui.domain.backout.flatten import steps_of
from backout_tui.domain.backout.items import StepState
from backout_tui.domain.checking.finding import Finding, Silenced
from backout_tui.domain.plan.judgement import affected, said_in
from backout_tui.domain.plan.plan import Block, Check, Contact, Message, Plan, Step, WithFacts
from backout_tui.domain.plan.readiness import Question, questions
from backout_tui.domain.spans import estimate


def plan_json(plan: Plan, asked: Iterable[Question] | None = None) -> dict[str, Any]:
    """Return what `plan show --json` prints; times are seconds, and lines count from 1.

    `asked` are the nine questions; by default they are answered from the plan's text.
    """
    name, version = plan.release
    return {
        "title": plan.title,
        "release": {
            "name": name or None,
            "version": version or None,
            "returns_to": plan.fact("returns to") or None,
            "environment": plan.fact("environment") or None,
        },
        "deployment_plan": plan.fact("deployment plan") or None,
        "team": plan.fact("team") or None,
        "affects": [one.text for one in affected(plan)],
        "questions": [_question(one) for one in (questions(plan) if asked is None else asked)],
        "options": _options(plan),
        "checks": [_check(one) for one in plan.checks],
        "contacts": [_contact(one) for one in plan.contacts],
        "communications": [_message(one) for one in plan.messages],
        "criteria": list(said_in(plan.when)),
        "success": list(said_in(plan.success)),
        "prerequisites": list(said_in(plan.before)),
        "contingencies": list(said_in(plan.contingency)),
        "after": list(said_in(plan.after)),
        "risks": list(said_in(plan.risks)),
        "placeholders": [
            {"text": one.about, "line": one.line}
            for one in plan.remarks
            if one.rule in ("placeholder", "placeholder-in-command")
        ],
        "warnings": [{"rule": one.rule, "line": one.line, "message": one.message} for one in plan.remarks],
    }


def check_json(
    findings: Sequence[Finding], asked: Iterable[Question], silenced: Iterable[Silenced] = ()
) -> dict[str, Any]:
    """Return what `plan check --json` prints."""
    return {
        "ok": all(one.severity != "error" for one in findings),
        "findings": [_finding(one) for one in findings],
        "silenced": [_finding(one.finding) | {"reason": one.reason} for one in silenced],
        "unanswered": [one.id for one in asked if not one.answered],
    }


def _finding(one: Finding) -> dict[str, Any]:
    return {
        "rule": one.rule,
        "severity": one.severity,
        "line": one.line,
        "item": one.item,
        "message": one.message,
    }


def _question(one: Question) -> dict[str, Any]:
    return {"id": one.id, "answered": one.answered, "text": one.text, "answer": one.answer or None}


def _options(plan: Plan) -> list[dict[str, Any]]:
    """Return the exclusive ways in order; steps without an option, including phases, form one without a name."""
    fences = _FenceSteps(plan)
    options: list[dict[str, Any]] = []
    for part in plan.parts:
        name = part.name if part.kind == "option" else None
        steps = [_step(step, fences) for step in part.steps]
        if name is None and options and options[-1]["name"] is None:
            options[-1]["steps"] += steps
        else:
            options.append({"name": name, "steps": steps})
    return options


class _FenceSteps:
    """The sub-steps that a backout makes of a step with several commands."""

    def __init__(self, plan: Plan) -> None:
        self._by_parent: dict[str, list[StepState]] = {}
        for state in steps_of(plan).values():
            if state.parent:
                self._by_parent.setdefault(state.parent, []).append(state)

    def of(self, step: Step) -> Iterator[tuple[StepState, Block]]:
        """Return each sub-step with its fence; none for a step with one command or with sub-steps of its own."""
        if len(step.commands) > 1 and not step.children:
            yield from zip(self._by_parent.get(step.number, ()), step.commands, strict=False)


def _step(step: Step, fences: _FenceSteps) -> dict[str, Any]:
    return {
        "number": step.number,
        "title": step.title,
        "kind": "command" if step.commands else "manual",
        "body": step.body,
        "commands": [{"language": block.language, "text": block.text} for block in step.commands],
        "expected": list(step.expected),
        **_said(step),
        "line_start": step.line,
        "line_end": step.line_end,
        "children": [_step(child, fences) for child in step.children]
        + [_fence_step(state, block) for state, block in fences.of(step)],
    }


def _fence_step(state: StepState, block: Block) -> dict[str, Any]:
    return {
        "number": state.number,
        "title": state.title,
        "kind": "command",
        "body": state.instruction,
        "commands": [{"language": block.language, "text": block.text}],
        "expected": list(state.expects),
        **_said(state),
        "line_start": block.line,
        "line_end": block.line_end,
        "children": [],
    }


def _said(step: WithFacts) -> dict[str, Any]:
    time = estimate(step.fact("estimate") or "")
    return {
        "owner": step.fact("owner") or None,
        "estimate_s": time.typical_s if time else None,
        "condition": step.fact("only if") or None,
        "required": step.says("required"),
        "optional": step.says("optional"),
        "point_of_no_return": step.says("point of no return") or step.says("irreversible"),
    }


def _check(one: Check) -> dict[str, Any]:
    return {
        "id": one.letter,
        "title": one.title,
        "kind": one.kind,
        "required": one.required,
        "line_start": one.line,
    }


def _contact(one: Contact) -> dict[str, Any]:
    return {
        "name": one.name,
        "role": one.role,
        "groups": list(one.groups),
        "zone": one.zone,
        "quiet": one.quiet,
        "reach": list(one.reach),
    }


def _message(one: Message) -> dict[str, Any]:
    return {"title": one.title, "to": list(one.to), "by": one.by, "text": one.text, "line_start": one.line}
