"""Which fences run, and how records and approvals of the former reading keep theirs."""

from __future__ import annotations

from typing import Any

import pytest

from backout_tui.domain.backout.choices import StepKind
from backout_tui.domain.checking.check import check_plan
from backout_tui.domain.plan.fences import FORMER, READING, read_otherwise
from backout_tui.planfile.reading.reader import read_plan
from tests.story import Story

PLAN = """# Backout plan: web 2.0

- release: web 2.0

## Steps

### 1. Unnamed

``` timeout=60
echo unnamed
```

### 2. Shell

```shell
echo shell
```

### 3. Bash

```bash
echo bash
```

## Verification

### A. Unnamed

```
echo unnamed | grep un
```
"""


@pytest.mark.parametrize(
    ("language", "runs"),
    [
        ("sh", True), ("shell", True), ("bash", True), ("SH", True), ("sh timeout=60", True),
        ("", False), ("timeout=60", False), ("console", False), ("zsh", False), ("text", False), ("python", False),
        ("sh-session", False), ("ksh", False), ("http", False),
    ],
)  # fmt: skip
def test_sh_shell_and_bash_run_and_every_other_fence_is_shown_and_said_at_its_line(language: str, runs: bool) -> None:
    plan = read_plan(
        f"# Backout plan: web 2.0\n\n- release: web 2.0\n\n## Steps\n\n### 1. One\n\n```{language}\nls\n```\n"
    )
    (step,) = plan.every_step()
    assert [block.text for block in step.commands] == (["ls"] if runs else [])
    found = [(one.line, one.item, one.severity) for one in check_plan(plan) if one.rule == "shown-fence"]
    assert found == ([] if runs else [(9, "step 1", "warning")])


def opened(**more: Any) -> Story:
    story = Story()
    story.open(read_plan(PLAN), **more)
    return story


def test_a_record_of_the_former_reading_keeps_it() -> None:
    """What ran that night is still a command in its log, with its time limit; what was shown is still shown."""
    then, now = opened(reading=FORMER).backout, opened(reading=READING).backout
    assert [step.kind for step in then.leaves] == [StepKind.COMMAND, StepKind.MANUAL, StepKind.COMMAND]
    assert [step.kind for step in now.leaves] == [StepKind.MANUAL, StepKind.COMMAND, StepKind.COMMAND]
    assert (then.steps["1"].command, then.steps["1"].language, then.steps["1"].timeout_s) == ("echo unnamed", "sh", 60)
    assert "echo shell" in then.steps["2"].instruction
    assert (then.checks["A"].kind, now.checks["A"].kind) == ("command", "manual")


def test_what_is_read_otherwise_is_named_by_item_and_line() -> None:
    assert [str(one) for one in read_otherwise(read_plan(PLAN))] == [
        "step 1 (line 9): its fence names no language: it ran, and is only shown now",
        "step 2 (line 15): its `shell` fence was only shown, and runs now",
        "check A (line 29): its fence names no language: it ran, and is only shown now",
    ]
    assert read_otherwise(read_plan(PLAN.replace("``` ", "```sh ").replace("```\necho", "```sh\necho"))) != ()
    assert read_otherwise(read_plan("# x\n\n## Steps\n\n### 1. a\n\n```sh\nls\n```\n")) == ()
