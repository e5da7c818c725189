"""Each rule of the reader and of `plan check`, met once: by its name, its line, its item, and helpful words."""

from __future__ import annotations

import pytest

from backout_tui.domain.checking.check import check_plan
from backout_tui.domain.checking.finding import Finding
from backout_tui.domain.checking.rules import AROUND, by_name, severity_of
from backout_tui.planfile.reading.reader import read_plan
from tests.domain.checking.planted import PLANTED

TOP = "# Backout plan: a 1\n- release: a 1\n- returns to: 0\n"

# rule: (text below the title, line of the finding, its item, words of the message)
CASES: dict[str, tuple[str, int, str, str]] = {
    "duplicate-check": ("## Verification\n### A. One\n### A. Two", 6, "check B", "is already in plan.md:5"),
    "duplicate-contact": (
        "## Contacts\n| name | role |\n|---|---|\n| Ann | x |\n| ann | y |",
        8,
        "contact ann",
        "is already in plan.md:7",
    ),
    "duplicate-message": (
        "## Communication\n### Hi\n> a\n### Hi\n> b",
        7,
        "message Hi (line 7)",
        "is already in plan.md:5",
    ),
    "duplicate-step": ("## Steps\n### 2. One\n### 2. Two", 6, "step 1", "is already in plan.md:5"),
    "duplicate-variable": ("## Variables\n- A: 1\n- A: 2", 6, "variable A", "is already in plan.md:5"),
    "estimate-form": ("## Steps\n### 1. One\n- estimate: soon", 6, "step 1", "write `5 min`"),
    "criterion-form": (
        "## Steps\n### 1. One\nWait.\n- until: every 5 s, at most 1 min\n```sh\nx\n```",
        7,
        "step 1",
        "right below",
    ),
    "expect-form": ("## Steps\n### 1. One\n```sh\nx\n```\nExpect: it works", 9, "step 1", "in backticks"),
    "fact-form": ("## Steps\n### 1. One\n- owner:\n  - Ann", 6, "step 1", "`- owner: value`"),
    "fence-timeout": ("## Steps\n### 1. One\n```sh timeout=soon\nx\n```", 6, "step 1", "`timeout=300`"),
    "no-contact-name": ("## Contacts\n| name | role |\n|---|---|\n| | x |", 7, "contact ", "first column"),
    "no-message-text": ("## Communication\n### Hi\n- to: x", 5, "message Hi", "block quote"),
    "no-value": ("## Variables\n- TAG:", 5, "variable TAG", "(asked at start)"),
    "placeholder-in-command": ("## Steps\n### 1. One\n```sh\ndeploy <tag>\n```", 7, "step 1", "<tag>"),
    "prompt-in-command": ("## Steps\n### 1. One\n```sh\n$ deploy\n```", 7, "step 1", "take the `$ ` off"),
    "quiet-form": (
        "## Contacts\n| name | quiet |\n|---|---|\n| Ann | at night |",
        7,
        "contact Ann",
        "22:00-07:00",
    ),
    "repeated-fact": ("## Steps\n### 1. One\n- owner: A\n- owner: B", 7, "step 1", "said already in plan.md:6"),
    "repeated-section": ("## Risks\na\n## Risks\nb", 6, "", "was read already"),
    "secret-value": ("## Variables\n- KEY: hunter2 (secret)", 5, "variable KEY", "must not stand in the plan"),
    "table-cells": (
        "## Contacts\n| name | role |\n|---|---|\n| Ann | x | y |",
        7,
        "contact Ann",
        "3 cells and the table 2 columns",
    ),
    "too-deep": ("> " * 200 + "x\n\n## Risks\nx", 4, "", "nothing is known of what follows"),
    "unclosed-fence": ("## Steps\n### 1. One\n```sh\nx\n### 2. Two", 6, "step 1", "ending before plan.md:8"),
    "unknown-name": ("## Communication\n### Hi\n- to: Bob\n> On {relese}", 7, "message Hi", "did you mean {release}?"),
    "unknown-recipient": ("## Communication\n### Hi\n- to: Bob\n> x", 6, "message Hi", "`Bob` is neither a contact"),
    "unknown-step": ("## Verification\n### A. One\n- after: 9", 6, "check A", "`9`, which is not a step"),
    "unreachable": (
        "## Communication\n### Hi\n- to: Ann\n> x\n## Contacts\n| name | reach |\n|---|---|\n| Ann | phone:1 |",
        11,
        "contact Ann",
        "add `email:...`",
    ),
    "variable-form": ("## Variables\n- two words: x", 5, "", "`- NAME: value`"),
    "when-form": ("## Communication\n### Hi\n- when: soon\n> x", 6, "message Hi", "start, decision"),
    "affected-untold": ("- affects: ledger", 4, "", "nobody of ledger gets any message"),
    "empty-command": ("## Steps\n### 1. One\n```sh\n# nothing\n```", 6, "step 1", "does nothing"),
    "empty-fact": ("## Steps\n### 1. One\n- owner:", 6, "step 1", "says nothing"),
    "expect-without-command": ("## Steps\n### 1. One\nExpect: `x`", 6, "step 1", "nothing runs before"),
    "hidden-character": ("## Risks\na \u202e b", 5, "", "invisible"),
    "late-fact": ("## Steps\n### 1. One\nWords.\n\n- owner: Ann", 8, "step 1", "move it up"),
    "list-checks": ("## Verification\n- all is well", 5, "check A", "`### A."),
    "list-steps": ("## Steps\n1. stop it", 5, "step 1", "`### 1."),
    "loose-step": ("## Step 1: Stop it", 4, "step 1", "outside of `## Steps`"),
    "nested-phase": ("## Steps\n### Option A: x\n#### Phase: y\n##### A1. z", 6, "", "only orders"),
    "no-letter": ("## Verification\n### All is well", 5, "check A", "read as A"),
    "no-number": ("## Steps\n### Stop it", 5, "step 1", "read as 1"),
    "no-recipient": ("## Communication\n### Hi\n> x", 5, "message Hi", "`- to: NAME, GROUP`"),
    "no-step-title": ("## Steps\n### 1.", 5, "step 1", "has no title"),
    "no-steps": ("## Steps\nDo what you can.", 4, "", "`### 1. What is done`"),
    "not-acted-on": ("## Verification\n### A. One\n- baseline: +- 10 %", 6, "check A", "kept, not yet acted on"),
    "not-read": ("## Contacts\nCall somebody.", 5, "", "kept as it is"),
    "number-form": ("## Steps\n### Option A: x\n#### 1. One", 6, "step A1", "read as A1"),
    "placeholder": ("## Risks\nLosing {+ what +}", 5, "", "{+ what +}"),
    "quoted-value": ("## Variables\n- A: `b`", 5, "variable A", "as written"),
    "time-form": ("- deployed: last night", 4, "", "2026-11-22 01:50 Europe/London"),
    "time-unclear": ("- deployed: 2026-10-25 01:30 Europe/London", 4, "", "comes twice on 25 Oct 2026"),
    "unclosed-comment": ("<!-- never ends", 4, "", "never closed"),
    "shown-fence": (
        "## Steps\n### 1. One\n```console\n$ x\n```",
        6,
        "step 1",
        "name it sh or bash if it is a command, and take",
    ),
    "unknown-column": ("## Contacts\n| name | hat |\n|---|---|\n| Ann | red |", 5, "", "the columns are name"),
    "component-not-reversed": (
        "## Components\n| component | version | returns to |\n|---|---|---|\n| b | 2 | 1 |\n\n## Steps\n### 1. Undo a",
        7,
        "",
        "no step takes the component b back",
    ),
    "misspelt-fact": ("## Steps\n### 1. One\n- estimat: 5 min", 6, "step 1", "did you mean `estimate`?"),
    "misspelt-section": ("## Varification\n", 4, "", "did you mean `Verification`?"),
    "unknown-fact": ("## Steps\n### 1. One\n- colour: red", 6, "step 1", "`colour` is not a fact of a step"),
    "unknown-section": ("## Wisdom\n", 4, "", "`Wisdom` is not a section of a plan"),
    "window-form": ("- window: soon", 4, "", "`2h after deploy`"),
}
WITHOUT_TOP = {
    "no-title": ("Words.", 1, "", "`# Backout plan: NAME VERSION`"),
    "no-release": ("# A plan", 1, "", "`- release: NAME VERSION`"),
    "no-return": ("# A plan", 1, "", "`- returns to: VERSION`"),
}


def found_in(text: str, rule: str) -> list[Finding]:
    return [finding for finding in check_plan(read_plan(text, "plan.md")) if finding.rule == rule]


@pytest.mark.parametrize("rule", CASES)
def test_the_rule_is_met_where_it_is_broken(rule: str) -> None:
    text, line, item, words = CASES[rule]
    found = found_in(f"{TOP}{text}\n", rule)
    assert [(one.line, one.item) for one in found] == [(line, item)]
    assert words in found[0].message
    assert found[0].severity == severity_of(rule)


@pytest.mark.parametrize("rule", WITHOUT_TOP)
def test_the_rule_about_the_top_is_met(rule: str) -> None:
    text, line, item, words = WITHOUT_TOP[rule]
    assert [(one.line, one.item, words in one.message) for one in found_in(text, rule)] == [(line, item, True)]


def test_every_rule_is_tried() -> None:
    assert set(CASES) | set(WITHOUT_TOP) == set(by_name()) - set(PLANTED) - AROUND


def test_a_clean_top_has_no_finding() -> None:
    assert check_plan(read_plan(TOP)) == ()


def test_a_remark_that_this_version_does_not_know_is_a_warning() -> None:
    """Plans are kept in logs: one that an other version read may hold rules of its own."""
    from backout_tui.domain.plan.remarks import Remark
    from backout_tui.domain.values import replace

    plan = replace(read_plan(TOP), remarks=(Remark("of-later", 1, "words"),))
    assert [(one.rule, one.severity) for one in check_plan(plan)] == [("of-later", "warning")]
