"""What the machine does not give is said as what it is, with exit 2: it is no bug, and nothing half is left behind."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from backout_tui.cli.scarcity import what_is_scarce
from tests.campaigns.experiments.limits import why_no_limits
from tests.campaigns.experiments.syscalls import is_opened, module_of
from tests.campaigns.stage import SCRIPT, Stage
from tests.campaigns.tracing import calls, run, why_no_tracing, with_fault

NOTE = (SCRIPT, "do", "1", "note", "x")


@pytest.mark.skipif(why_no_limits() is not None, reason="prlimit is needed")
def test_with_too_little_memory_a_command_says_so_and_the_next_one_goes_on(tmp_path: Path) -> None:
    """Between where Python itself cannot begin and where everything fits lies where our imports do not."""
    stage, said = Stage(tmp_path / "ground"), []
    for limit in range(44_000_000, 68_000_000, 4_000_000):
        done = run(["prlimit", f"--as={limit}", *NOTE], stage.environment, stage.site.work)
        if done.err.startswith("backout-tui: "):
            assert done.code == 2, done.err
            assert "memory" in done.err
            said.append(done.err)
        assert stage.why_broken(done) is None
    assert said


@pytest.mark.skipif(why_no_tracing() is not None, reason="strace is needed")
@pytest.mark.parametrize("error", ["EMFILE", "EIO"])
def test_a_part_of_the_program_that_cannot_be_opened_is_no_bug(error: str, tmp_path: Path) -> None:
    stage = Stage(tmp_path / "ground")
    _, made = calls(NOTE, stage.environment, stage.site.work, tmp_path / "trace")
    begun = next(at for at, call in enumerate(made) if is_opened(module_of("do"), call))
    # A folder of ours is listed before the first import from it.
    opening = next(call for call in made[begun:] if "/backout_tui/" in call.said and "O_DIRECTORY" in call.said)
    done = run(NOTE, stage.environment, stage.site.work, *with_fault(opening, f"error={error}"))
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("backout-tui: /")
    assert stage.why_broken(done) is None


@pytest.mark.parametrize("number", [errno.EMFILE, errno.ENOMEM, errno.ENOSPC, errno.EIO])
def test_what_lies_under_another_error_is_what_is_said(number: int) -> None:
    error = ValueError("for that reason")
    error.__cause__ = OSError(number, "it says no", "/a/file\x1b")
    found = what_is_scarce(error)
    assert found is not None
    assert found[0] == "/a/file␛: it says no"


def test_a_thread_or_memory_inside_the_interpreter_can_be_scarce_too() -> None:
    for error in (RuntimeError("can't start new thread"), SystemError("error return without exception set")):
        assert what_is_scarce(error) is not None


def test_another_error_is_not_scarcity() -> None:
    for error in (
        ValueError("x"),
        KeyError("x"),
        FileNotFoundError(errno.ENOENT, "no", "x"),
    ):
        assert what_is_scarce(error) is None
