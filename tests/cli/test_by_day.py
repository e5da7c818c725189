"""What the check knows by day of a command, and what its exit code means at night: real plans, real processes."""

from __future__ import annotations

import os
import subprocess

import pytest

from tests.cli.lines import SCRIPT, Line
from tests.engine.desks import HEAD

STEPS = (
    HEAD
    + r"""## Steps

### 1. Pick the image
```sh
if [[ "$1" == 1.9.* ]]; then echo old; else echo new; fi
```

### 2. Take the new pods out
```sh
echo scale deploy/shop --replicas=0 \~
  --selector=release=2.0.0
```

### 3. Ask first
```sh
read answer
test "$answer" = y
```

### 4. In the pod
```sh
kubectl exec -it deploy/shop -- true
```

### 5. Only the first
```bash
seq 1 200000 | head -1
```

### 6. Only the first, come what may
- keep going: yes

```bash
seq 1 200000 | head -1
```

### 7. In words only
```sh
# read x; [[ a ]] | head \~
echo 'read x; [[ a ]] | head'
cat <<'END'
source x; sudo vi y
END
```
""".replace("~", " ")  # a blank at the end of a line is easily lost
)
PLANNED = STEPS.replace("### 1. Pick the image\n```sh\nif [[", "### 1. Pick the image\nBy hand: if [[").replace(
    "echo new; fi\n```", "echo new; fi"
)


def test_each_is_found_in_its_line_and_what_is_only_mentioned_is_not(line: Line) -> None:
    found = line.run("plan", "check", line.write("plan.md", STEPS), "--json").json["findings"]
    ours = {"other-shell", "blank-after-backslash", "wants-a-person", "pipe-closed-early"}
    said = [(one["rule"], one["severity"], one["item"], one["line"]) for one in found if one["rule"] in ours]

    def at(words: str) -> int:
        return next(number for number, one in enumerate(STEPS.split("\n"), start=1) if one.startswith(words))

    assert said == [
        ("other-shell", "error", "step 1", at("if [[")),
        ("blank-after-backslash", "warning", "step 2", at("echo scale")),
        ("wants-a-person", "warning", "step 3", at("read answer")),
        ("wants-a-person", "warning", "step 4", at("kubectl exec")),
        ("pipe-closed-early", "warning", "step 5", at("seq")),
    ]


def test_a_finding_that_is_meant_is_silenced_with_its_reason(line: Line) -> None:
    meant = STEPS.replace(
        "### 5. Only the first\n", "### 5. Only the first\n<!-- silence pipe-closed-early: short -->\n"
    )
    found = line.run("plan", "check", line.write("plan.md", meant), "--json").json
    assert [one["rule"] for one in found["silenced"]] == ["pipe-closed-early"]


@pytest.mark.parametrize("where", ["show", "log", "report"])
def test_an_exit_code_is_explained_wherever_it_is_met(line: Line, where: str) -> None:
    line.decided(PLANNED)
    for step in ("2", "5"):
        said = line.run("do", "1", "step-run", step, "--yes", "--wait", "--reason", "only these two are wanted")
        assert said.code == 1, said.err
    assert "exit code 141: SIGPIPE, a pipe was closed early" in said.out
    text = line.ok(where, "1").out
    assert "exit code 141: SIGPIPE, a pipe was closed early" in text
    assert "exit code 127: a command was not found" in text
    (attempt,) = next(one["attempts"] for one in line.state()["steps"] if one["number"] == "5")
    assert (attempt["exit_code"], attempt["why"].partition(",")[0]) == (141, "exit code 141: SIGPIPE")


def test_the_operators_umask_goes_to_the_command_and_the_operators_cdpath_does_not(line: Line) -> None:
    """Through the program in a process of its own, as an operator has it."""
    for folder in ("deploy", "else/deploy"):
        (line.place / folder).mkdir(parents=True)
    steps = "## Steps\n\n### 1. Freeze\n\n### 2. Restore the page\n```sh\ncd deploy && echo page >page.html\n```\n"
    line.decided(HEAD + steps)
    command = f"umask 022; exec {SCRIPT} do 1 step-run 2 --yes --wait"
    environment = {**os.environ, "CDPATH": str(line.place / "else")}
    done = subprocess.run(["sh", "-c", command], env=environment, capture_output=True, text=True, check=False)
    assert "step 2 is done" in done.stdout, done.stderr
    assert (line.place / "deploy" / "page.html").stat().st_mode & 0o777 == 0o644
    assert line.database.stat().st_mode & 0o077 == 0
