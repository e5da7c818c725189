"""What is known by day of a command that fails, or does something else, at night."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from backout_tui.domain.backout.capturing import captured_by
from backout_tui.domain.checking.finding import Finding, finding
from backout_tui.domain.checking.passages import Passage
from backout_tui.domain.plan.loops import ITEM
from backout_tui.domain.plan.plan import Plan
from backout_tui.domain.shell.dialect import foreign_words
from backout_tui.domain.shell.early_pipes import closed_early
from backout_tui.domain.shell.wanting import asking
from backout_tui.domain.shell.words import blanks_after_backslash


def about_commands(plan: Plan, scripts: Iterable[Passage]) -> Iterator[Finding]:
    """other-shell, wants-a-person, pipe-closed-early, blank-after-backslash."""
    given = frozenset([*(one.name for one in plan.variables), *captured_by(plan), ITEM])
    goes_on = {f"step {step.number}" for step in plan.every_step() if step.says("keep going")}
    for script in scripts:
        for rule, line, message in (
            *_of_shell(script, given),
            *_of_people(script),
            *(_of_pipes(script) if script.key == "bash" and script.item not in goes_on else ()),
            *_of_blanks(script),
        ):
            yield finding(rule, line if script.line else 0, script.item, message)


_Said = tuple[str, int, str]


def _of_shell(script: Passage, given: frozenset[str]) -> Iterator[_Said]:
    shell = "bash" if script.key == "bash" else "sh"
    for one in foreign_words(script.text, script.line or 1, shell=shell, given=given):
        bash = " or name the fence `bash`" if one.whose == "bash's" else ""
        cure = f"write {one.instead},{bash}" if one.instead else bash.removeprefix(" or ") or "write it for this shell"
        yield "other-shell", one.line, f"`{one.what}` is {one.whose}, and {shell} does not know it: {cure.rstrip(',')}"


def _of_people(script: Passage) -> Iterator[_Said]:
    for one in asking(script.text, script.line or 1):
        cure = f": write {one.instead}" if one.instead else ": do it another way, or make it a manual step"
        yield "wants-a-person", one.line, f"`{one.what}` wants {one.wants}, which a command does not get{cure}"


def _of_pipes(script: Passage) -> Iterator[_Said]:
    for line, what, instead in closed_early(script.text, script.line or 1):
        text = (
            f"`{what}` may stop before its writer, which then ends with exit code 141; with `pipefail` "
            f"the step fails: write {instead}"
        )
        yield "pipe-closed-early", line, text


def _of_blanks(script: Passage) -> Iterator[_Said]:
    for line in blanks_after_backslash(script.text, script.line or 1):
        text = "a blank stands behind the backslash, so that the command ends here: take the blank away"
        yield "blank-after-backslash", line, text
