"""The writer's last safeguard: it reads the result again, and refuses it, with the line, if the meaning changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from backout_tui.domain.plan.plan import Block, Plan, Section, Step
from backout_tui.domain.plan.remarks import Remark
from backout_tui.domain.text import clean_line
from backout_tui.errors import BackoutError

_TORN = {
    "unclosed-comment": ("the comment that begins here is never closed", "Close it with `-->`"),
    "unclosed-fence": ("the fence that begins here is never closed", "Close it below its last line"),
    "too-deep": ("lists or quotes stand inside each other too deep to be read", "Take them apart"),
}
_ELSE = "what stands here would mean something else in a plan that the program writes"
_ELSE_TODO = "Put it at the left margin, a blank line above and below it, or take it out"


def kept_text(plan: Plan, where: str = "the plan") -> str:
    """`plan` as Markdown in our form, which reads back as exactly this plan.

    Raises BackoutError, with the line in `where` (the document that the plan was read from) that cannot be kept.
    """
    from backout_tui.planfile.reading.reader import read_plan
    from backout_tui.planfile.writing.writer import write_plan

    first = None
    for marked in (False, True):
        text = write_plan(plan, marked=marked)
        again = read_plan(text)
        if again == plan:
            return text
        first = first or again
    assert first is not None
    raise _cannot_be_kept(plan, first, where)


def _cannot_be_kept(plan: Plan, again: Plan, where: str) -> BackoutError:
    line, last = min(_differing(plan, again), default=(max(1, plan.line), max(1, plan.line)))
    torn = _torn_at(plan.remarks, line, last)
    what, todo = _TORN[torn.rule] if torn is not None else (_ELSE, _ELSE_TODO)
    place = f"{clean_line(where)}:{torn.line if torn is not None else line}"
    return BackoutError(what, where=place, todo=f"{todo}, then say this again: nothing was stored.")


def _torn_at(remarks: Sequence[Remark], line: int, last: int) -> Remark | None:
    """The broken structure that the reader found in these lines, or else the nearest above them."""
    torn = [one for one in remarks if one.rule in _TORN and one.line <= last]
    return next((one for one in torn if one.line >= line), None) or (torn[-1] if torn else None)


def _differing(plan: Plan, again: Plan) -> Iterator[tuple[int, int]]:
    """The first and last lines of the parts of the plan that differ in the written text."""
    top = max([plan.line or 1, *(fact.line for fact in plan.facts)])
    if (plan.title, plan.facts) != (again.title, again.facts):
        yield plan.line or 1, top
    if plan.intro and plan.intro != again.intro:
        yield top + 1, top + 1 + plan.intro.count("\n")
    for name in ("when", "success", "before", "risks", "contingency", "after", "rehearsals"):
        section = getattr(plan, name)
        if section is not None and section != getattr(again, name):
            yield _lines_of(section)
    for name in ("components", "variables", "checks", "messages", "contacts"):
        for was, now in zip_longest(getattr(plan, name), getattr(again, name)):
            if was is not None and was != now:
                yield was.line, getattr(was, "line_end", was.line)
    for was, now in zip_longest(plan.others, again.others):
        if was is not None and was != now:
            yield _lines_of(was)
    yield from _differing_steps(tuple(plan.every_step()), tuple(again.every_step()))


def _differing_steps(steps: Sequence[Step], again: Sequence[Step]) -> Iterator[tuple[int, int]]:
    for was, now in zip_longest(steps, again):
        if was is None or was == now:
            continue
        blocks = now.blocks if now is not None and now.facts == was.facts else ()
        pairs = zip_longest(was.blocks, blocks)
        differing = next((one for one, other in pairs if one is not None and one != other), None)
        yield (differing.line, _end(differing)) if differing is not None else (was.line, was.line_end)
        return


def _end(block: Block) -> int:
    return max(block.line, block.line_end)


def _lines_of(section: Section) -> tuple[int, int]:
    return section.line, section.line + section.body.count("\n") + 1
