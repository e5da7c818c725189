"""`plan new`: a plan that begins with the answers to the nine questions."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path

import click

from backout_tui.cli.plan.plan_options import AS_JSON
from backout_tui.cli.speech import complain, say, say_json, tell
from backout_tui.cli.surroundings import Surroundings
from backout_tui.domain.plan.questionnaire import BLANKS, release_complaint
from backout_tui.domain.text import clean_line
from backout_tui.engine import plans
from backout_tui.engine.desk import Desk
from backout_tui.errors import EXIT_DONE, BackoutError, Refused
from backout_tui.store.log.rows import PlanRevision

_NAMES = ", ".join(BLANKS)


@click.command("new")
@click.option("--release", metavar='"NAME V"', help="The release that the plan is for.")
@click.option("--returns-to", metavar="V", help="The version it returns to.")
@click.option("--environment", metavar="E", help="Where the release runs.")
@click.option("--team", metavar="T", help="The team that owns the release.")
@click.option(
    "--answer", "pairs", multiple=True, metavar="NAME=TEXT",
    help=f"An answer; said again, one more line of it. NAME is one of: {_NAMES}.",
)  # fmt: skip
@click.option("--output", metavar="FILE", help="Write the plan to this new file as well.")
@click.option("--reason", default="", metavar="T", help="Why to start again when the release has a plan.")
@AS_JSON
@click.pass_obj
def new(
    surroundings: Surroundings, /, pairs: tuple[str, ...], output: str | None, reason: str, as_json: bool, **said: str
) -> int:
    """Write a plan by answering the nine questions.

    You can leave each question open. On a terminal you are asked for what you did not give as an option, and an empty
    line leaves a question open. Without a terminal nothing is asked.

    Each line of `steps` and `checks` is one step or check. A line `$ COMMAND` below it is its command, and
    `expect: TEXT` is what the command has to print. A step may end in its time, as in `Roll back (5 min)`.
    """
    from backout_tui.cli.plan.ask_questions import on_terminal

    answers = _answers(said, pairs)
    if output is not None:
        _refuse_existing(Path(output))
    asks = not as_json and on_terminal()
    try:
        revision = _begun(surroundings.desk(), answers, reason, asks=asks)
    except KeyboardInterrupt:
        tell("")
        complain("interrupted; no plan was stored")
        return 128 + signal.SIGINT
    if output is not None:
        _write(Path(output), revision)
    _report(revision, as_json=as_json)
    return EXIT_DONE


def _begun(desk: Desk, answers: dict[str, str], reason: str, *, asks: bool) -> PlanRevision:
    """Store the plan; if that fails, print what was typed so that it is not lost."""
    from backout_tui.cli.plan.ask_questions import ask_questions
    from backout_tui.engine.planning import questions

    if asks:
        answers = ask_questions(answers, then=partial(_once_named, desk, reason))
    if wrong := release_complaint(answers.get("release", "")):
        raise click.UsageError(f"--release is missing or incomplete. {wrong}")
    try:
        return questions.new_plan(desk, answers, reason=reason)
    except (BackoutError, Refused):
        if asks:
            say(questions.text_of(answers))
        raise


def _once_named(desk: Desk, reason: str, answers: Mapping[str, str]) -> None:
    """Refuse a second plan for the release, and list the plans that it could reuse."""
    from backout_tui.engine.planning import questions
    from backout_tui.engine.planning.nearest import nearest
    from backout_tui.reports.plan_nearest import nearest_words

    questions.refuse_second(desk, answers, reason=reason)
    near = nearest(desk, *plans.name_and_version(answers.get("release", "")))
    if near:
        tell("There are plans near to it, which `plan copy PLAN --to` reuses:")
        for words in nearest_words(near)[:3]:
            tell(f"  {words}")


def _answers(said: Mapping[str, str | None], pairs: Iterable[str]) -> dict[str, str]:
    """Return what the options say, by the names of the blanks."""
    answers = {name.replace("_", "-"): text for name, text in said.items() if text is not None}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if name not in BLANKS or not equals:
            raise click.UsageError(f"--answer takes NAME=TEXT, and NAME is one of: {_NAMES}")
        if name in answers and not BLANKS[name].several:
            raise click.UsageError(f"{name} is given twice, and takes one line")
        answers[name] = f"{answers[name]}\n{text}" if name in answers else text
    return answers


def _refuse_existing(path: Path) -> None:
    if os.path.lexists(path):
        raise BackoutError(
            "this file is there already, and is not overwritten", where=clean_line(str(path)), todo="Give another name."
        )
    if not path.parent.is_dir():
        raise BackoutError("there is no such folder", where=clean_line(str(path.parent)), todo="Make it first.")


def _write(path: Path, revision: PlanRevision) -> None:
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(revision.text)
    except OSError as error:
        what = (
            f"plan {revision.plan_id} is stored, but the file is not written: {(error.strerror or str(error)).lower()}"
        )
        raise BackoutError(what, where=clean_line(str(path)), todo="Write it later with plan export.") from error


def _report(revision: PlanRevision, *, as_json: bool) -> None:
    from backout_tui.domain.plan.readiness import questions
    from backout_tui.planfile.reading.reader import read_plan

    asked = questions(read_plan(revision.text))
    unanswered = [one.id for one in asked if not one.answered]
    if as_json:
        document = {"id": revision.plan_id, "revision": revision.revision, "sha256": revision.sha256}
        say_json({**document, "unanswered": unanswered})
        return
    number = revision.plan_id
    say(clean_line(f"plan {number}, revision {revision.revision}: {revision.name} {revision.version}"))
    for question in asked:
        say(f"{question.id} {'answered' if question.answered else 'OPEN    '}  {question.text}")
    edit = f"say what is open with `plan edit {number}`, " if unanswered else ""
    say(f"Next: {edit}look at it with `plan check {number}`, and have it approved: `plan approve {number} --by NAME`.")


COMMANDS = (new,)
