"""The command `output`: all that is kept of what a step's or a check's command printed."""

from __future__ import annotations

from collections.abc import Sequence

import click

from backout_tui.cli.read.sources import exit_of, printed_by, source
from backout_tui.cli.speech import complain, say_document, say_json, tell
from backout_tui.cli.surroundings import Surroundings
from backout_tui.domain.backout.items import Attempt
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.backout.states import ATTEMPT, AttemptStatus
from backout_tui.domain.codec import rfc3339
from backout_tui.domain.text import clean, clean_line
from backout_tui.errors import BackoutError


@click.command("output", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("backout")
@click.argument("step")
@click.option("--attempt", "number", type=click.IntRange(min=1), help="Which attempt; otherwise the newest.")
@click.option("--probe", is_flag=True, help="What the step's probe printed.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def output(surroundings: Surroundings, backout: str, step: str, number: int | None, probe: bool, as_json: bool) -> int:
    """Print all that is kept of what the command of STEP printed.

    STEP is the number of a step, or the letter of a check. The text is as a person would have read it on a terminal,
    with secrets masked. While the command runs, it is what was printed so far.
    """
    found = source(surroundings, backout)
    if found.not_sound:
        complain(found.not_sound[0], hint="\n".join(found.not_sound[1:]))
    attempt = _attempt(_attempts(found.backout, step, probe=probe), step, number)
    text = clean(printed_by(surroundings, backout, attempt))
    if as_json:
        say_json(_document(step, attempt, text))
    else:
        say_document(text)
        _say_what_is_special(attempt, text)
    return exit_of(found)


def _attempts(backout: Backout, named: str, *, probe: bool) -> Sequence[Attempt]:
    """What was run for the step or the check. Raises BackoutError when there is neither."""
    wanted = named.strip().casefold()
    for step in backout.steps.values():
        if step.number.casefold() == wanted:
            parts = ", ".join(one.number for one in backout.leaves if one.parent == step.number)
            if parts and not probe:
                raise BackoutError(f"step {step.number} has parts", todo=f"Name one of them: {parts}.")
            return step.probes if probe else step.attempts
    if (check := backout.checks.get(wanted.upper())) is not None and not probe:
        return check.attempts
    raise BackoutError(
        f"there is no step{'' if probe else ' or check'} {clean_line(named)} in backout {backout.id}",
        todo=f"See which there are with: backout-tui show {backout.id}",
    )


def _attempt(attempts: Sequence[Attempt], named: str, number: int | None) -> Attempt:
    """The attempt with that number, or the newest that ran. Raises BackoutError when there is none."""
    ran = [one for one in attempts if ATTEMPT[one.state].ran]
    if not ran:
        raise BackoutError(f"nothing was run for {clean_line(named)} yet, so there is no output")
    if number is None:
        return ran[-1]
    for one in ran:
        if one.number == number:
            return one
    there = ", ".join(str(one.number) for one in ran)
    raise BackoutError(f"{clean_line(named)} has no attempt {number} that ran", todo=f"There is: {there}.")


def _document(named: str, attempt: Attempt, text: str) -> dict[str, object]:
    times = {"started_at": attempt.started_at, "ended_at": attempt.ended_at}
    return {
        "step": named,
        "attempt": attempt.number,
        "state": attempt.state.value,
        "exit_code": attempt.exit_code,
        "why": attempt.why,
        **{name: rfc3339(at) if at is not None else None for name, at in times.items()},
        "sha256": attempt.output or None,
        "output": text,
    }


def _say_what_is_special(attempt: Attempt, text: str) -> None:
    """Say on standard error what the text alone does not: that it goes on, or that there is none."""
    if attempt.state is AttemptStatus.RUNNING:
        tell(f"attempt {attempt.number} is running: this is what it printed so far")
    elif not text:
        tell(f"attempt {attempt.number} printed nothing")
