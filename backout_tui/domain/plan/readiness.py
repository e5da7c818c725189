"""The nine questions, and how this plan answers them, in its own text only. design.md section 1."""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec import Struct

from backout_tui.domain.plan.loops import estimate_of
from backout_tui.domain.plan.placeholders import placeholders_in_prose
from backout_tui.domain.plan.plan import Plan, Section
from backout_tui.domain.spans import about

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_NOTHING = frozenset(
    {"", "tbd", "tba", "todo", "to do", "to be defined", "to be decided", "n/a", "na", "not applicable", "none", "?",
     "unknown"}
)  # fmt: skip


class Question(Struct, frozen=True):
    """One of the nine. `title` is short, `text` is the whole question; `answer` is the plan's, "" if it has none."""

    id: str
    title: str
    text: str
    answer: str = ""

    @property
    def answered(self) -> bool:
        """Whether the plan answers it."""
        return bool(self.answer)


def questions(plan: Plan, rehearsed: Iterable[str] = (), *, stale: bool = False) -> tuple[Question, ...]:
    """The nine questions, in order, with the answers of `plan`; `rehearsed` adds rehearsals known from elsewhere.

    `stale` says that the steps changed after what the plan says of rehearsals: then that answers nothing.
    """
    return (
        Question(
            "Q1", "When", "Under what circumstances is a backout required, or the release a success?", _when(plan)
        ),
        Question("Q2", "Window", "Within what time window?", _fact(plan, "window")),
        Question("Q3", "Authoriser", "Which authorising agent decides?", _fact(plan, "authoriser")),
        Question("Q4", "Performer", "Who performs it, and how soon?", _performer(plan)),
        Question("Q5", "Procedures", "By what procedures, manual and automated?", _procedures(plan)),
        Question("Q6", "Contingencies", "What contingencies or workarounds are there?", _contingencies(plan)),
        Question("Q7", "Duration", "How long will it take?", _duration(plan)),
        Question("Q8", "Communication", "How is it communicated?", _communication(plan)),
        Question(
            "Q9",
            "Rehearsal",
            "Has the plan been tested, when, with what result?",
            "; ".join(filter(None, ("" if stale else _prose(plan.rehearsals), *rehearsed))),
        ),
    )


def says_something(text: str) -> bool:
    """Whether `text` is more than template text, `TBD`, `N/A` and the like."""
    bare = _COMMENT.sub("", text)
    for gap in placeholders_in_prose(bare):
        bare = bare.replace(gap.text, " ")
    lines = (line.strip(" \t>*-_.:[]()`") for line in bare.lower().split("\n"))
    return any(any(char.isalnum() for char in line) and line not in _NOTHING for line in lines)


def _fact(plan: Plan, key: str) -> str:
    value = plan.fact(key) or ""
    return value if says_something(value) else ""


def _prose(section: Section | None) -> str:
    """The section's bullets, or its first line; "" if it says nothing."""
    if section is None or not says_something(section.body):
        return ""
    said = [item for item in section.items if says_something(item)]
    if said:
        return "; ".join(said)
    return next(line.strip() for line in section.body.split("\n") if says_something(line))


def _when(plan: Plan) -> str:
    return " · ".join(one for one in (_prose(plan.when), _prose(plan.success)) if one)


def _performer(plan: Plan) -> str:
    """The performer that the plan names, or else the owners of its steps, if every step has one."""
    if performer := _fact(plan, "performer"):
        return performer
    owners = [step.fact("owner") or "" for step in plan.top_steps()]
    return ", ".join(dict.fromkeys(owners)) if owners and all(map(says_something, owners)) else ""


def _procedures(plan: Plan) -> str:
    steps = [step for step in plan.top_steps() if says_something(step.title) or step.commands or step.children]
    if not steps:
        return ""
    automated = sum(any(one.commands for one in step.with_children()) for step in steps)
    options = sum(part.kind == "option" for part in plan.parts)
    ways = f" in {options} options" if options > 1 else ""
    return f"{_count(len(steps), 'step')}{ways}: {len(steps) - automated} manual, {automated} with commands"


def _contingencies(plan: Plan) -> str:
    if said := _prose(plan.contingency):
        return said
    steps = list(plan.every_step())
    return "; ".join(
        f"step {step.number}: {value}"
        for step in steps
        if (value := step.fact("if it fails")) is not None and says_something(value)
    )


def _duration(plan: Plan) -> str:
    """The time that the plan gives, or else the sum of its steps' estimates, if every step has one."""
    if whole := _fact(plan, "expected time"):
        return whole
    steps = list(plan.top_steps())
    times = [estimate_of(step) for step in steps]
    known = [time for time in times if time is not None]
    if not steps or len(known) < len(steps):
        return ""
    if any(part.kind == "option" for part in plan.parts):
        return "each step has its estimate"
    low, high = (about(sum(one)) for one in zip(*((time.typical_s, time.bad_s) for time in known), strict=True))
    return low if low == high else f"{low} to {high}"


def _communication(plan: Plan) -> str:
    return "; ".join(
        f"{message.title} → {', '.join(message.to)} by {message.by}"
        for message in plan.messages
        if message.to and says_something(", ".join(message.to))
    )


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def leads_nowhere(plan: Plan) -> bool:
    """Whether the plan has no steps, and neither its contingency nor the prose under `## Steps` says why."""
    said = plan.steps_intro, plan.contingency.body if plan.contingency is not None else ""
    return next(plan.top_steps(), None) is None and not any(map(says_something, said))
