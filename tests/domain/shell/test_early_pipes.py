"""What goes wrong at the end of a line or of a pipe: readers that stop early, and a blank behind a backslash."""

from __future__ import annotations

import subprocess

import pytest

from backout_tui.domain.shell.early_pipes import closed_early
from backout_tui.domain.shell.words import blanks_after_backslash


@pytest.mark.parametrize(
    "script",
    [
        "seq 1 100000 | head -1", "foo | grep -q '^7$'", "if kubectl get pods | grep -q Running; then x; fi",
        "x=$(kubectl get pods | head -n 1)", "foo | grep -m1 x", "foo | sed 5q", "foo | sed -n '/x/{p;q}'",
        "foo | awk 'NR==1{print; exit}'", "foo | bar | head -1", "foo | head -1 | tr a b", "foo | head -c 10",
        "foo | grep -iq x || exit 1", "for i in 1 2; do foo; done | head -1", "foo |& grep --quiet x", "ls | head",
        "foo | sudo grep -q x", "(foo; bar) | head -1", "foo | egrep -q x", "foo | dd count=1",
    ],
)  # fmt: skip
def test_a_reader_that_stops_early_is_found(script: str) -> None:
    ((line, what, instead),) = closed_early(f"true\n{script}")
    assert line == 2
    assert what.startswith("| ")
    assert instead


@pytest.mark.parametrize(
    "script",
    [
        "foo | head -1 || true", "foo | grep -q x || :", 'echo "$x" | grep -q y', "printf x | head -1", "foo | tail -1",
        "foo | grep x", "foo | grep -c x", "foo | head -n -5", "foo | wc -l | grep -q 5",
        "set +o pipefail\nfoo | head -1",
        "echo $(foo | head -1)", "head -1 f", "grep -q x f", "foo | awk '{s+=$1} END {exit s}'", "foo | sed 's/q/x/'",
        "foo | sed -n 1p", "foo | grep -e -q", "foo | grep -- -q", 'echo "a | head -1"', "# a | head",
        "foo || head -1 f",
        "bash --version | head -1", "cat <<EOF\na | head -1\nEOF", "ssh h 'a | head -1'", "foo | xargs head -1",
        "diff <(a | head -1) b",
    ],
)  # fmt: skip
def test_one_that_reads_to_the_end_or_does_not_matter_is_not_found(script: str) -> None:
    assert list(closed_early(script)) == []


@pytest.mark.parametrize("script", ["seq 1 200000 | head -1", "seq 1 200000 | grep -q '^7$'", "seq 1 200000 | sed 5q"])
def test_what_is_found_really_fails_in_bash(script: str) -> None:
    done = subprocess.run(["bash", "-eo", "pipefail", "-c", script], capture_output=True, check=False)
    assert done.returncode == 141
    assert list(closed_early(script))


@pytest.mark.parametrize(
    ("script", "lines"),
    [
        ("foo \\ \n bar", [1]),
        ("a\nb \\\n c \\\t \n d", [3]),
        ("x=$(foo \\ \n bar)", [1]),
        ("foo \\  # why\n bar", [1]),
        ("foo \\\n bar", []),
        ("foo a\\ b\n", []),
        ("echo 'x \\ \n y'", []),
        ('echo "x \\ \n y"', []),
        ("cat <<EOF\nx \\ \nEOF", []),
        ("# x \\ \nfoo", []),
        ("foo \\\\ \n bar", []),
    ],
)
def test_a_blank_behind_a_backslash_is_found_where_it_ends_the_command(script: str, lines: list[int]) -> None:
    assert list(blanks_after_backslash(script)) == lines
