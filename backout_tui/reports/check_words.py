"""What a check found in a plan, in words: by item and line, then what it silences, then the nine questions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from backout_tui.domain.checking.finding import Checked, Finding
from backout_tui.domain.plan.readiness import Question
from backout_tui.domain.text import clean_line


def lines(where: str, checked: Checked, asked: Iterable[Question]) -> Iterator[str]:
    """Return the whole answer, line by line; `where` is the file or the plan, as a person named it."""
    yield f"{where}: {_counts(checked)}"
    yield from _findings(where, checked.findings)
    if checked.silenced:
        yield "\nSilenced"
    for one in checked.silenced:
        at = f"{one.finding.item}: " if one.finding.item else ""
        yield clean_line(f"  {where}:{one.finding.line}: {at}[{one.finding.rule}] {one.reason}")
    yield "\nThe nine questions"
    for question in asked:
        yield f"  {question.id} {'answered' if question.answered else 'OPEN    '}  {question.text}"


def _counts(checked: Checked) -> str:
    errors = sum(one.severity == "error" for one in checked.findings)
    warnings = len(checked.findings) - errors
    counted = [(errors, "error"), (warnings, "warning")]
    said = [f"{number} {what}{'' if number == 1 else 's'}" for number, what in counted if number]
    said += [f"{len(checked.silenced)} silenced"] if checked.silenced else []
    return ", ".join(said) or "nothing is wrong with it"


def _findings(where: str, findings: Sequence[Finding]) -> Iterator[str]:
    """List the findings by line, each item's findings below its name."""
    item: str | None = None
    width = max((len(_place(where, one)) for one in findings), default=0)
    for one in findings:
        if one.item != item:
            item = one.item
            yield f"\n{clean_line(item) or 'The plan'}"
        yield clean_line(f"  {_place(where, one):<{width}}  {one.severity:<7}  {one.message} [{one.rule}]")


def _place(where: str, one: Finding) -> str:
    return f"{where}:{one.line}:"
