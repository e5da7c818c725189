"""The verbs about problems, the decision and the end."""

from __future__ import annotations

import click

from backout_tui.cli.verb import BREAK_GLASS, MUST_REASON, NOTE, REASON, Verb, verb
from backout_tui.engine.verbs import decisions, problems


@verb(
    "problem-add",
    click.argument("title"),
    click.option("--severity", type=click.Choice(problems.SEVERITIES), default="critical", show_default=True),
    click.option("--kind", type=click.Choice(problems.KINDS), default="fault", show_default=True),
    click.option("--detail", default="", metavar="T"),
    click.option("--seen", type=click.Choice(problems.SEEN), default="after", show_default=True),
    click.option("--assign", default="", metavar="NAME"),
)
def problem_add(title: str, **given: str) -> Verb:
    """Log what is wrong, at once, as a critical defect."""
    return lambda op: problems.log(op, title, **given)


@verb(
    "problem-edit",
    click.argument("problem"),
    click.option("--title", metavar="T"),
    click.option("--severity", type=click.Choice(problems.SEVERITIES)),
    click.option("--kind", type=click.Choice(problems.KINDS)),
    click.option("--detail", metavar="T"),
    click.option("--seen", type=click.Choice(problems.SEEN)),
)
def problem_edit(problem: str, **given: str | None) -> Verb:
    """Change what is known of a problem."""
    changes = {name: value for name, value in given.items() if value is not None}
    if not changes:
        raise click.UsageError("say what is to be changed: --title, --severity, --kind, --detail or --seen")
    return lambda op: problems.change(op, problem, **changes)


@verb("problem-assign", click.argument("problem"), click.argument("name"))
def problem_assign(problem: str, name: str) -> Verb:
    """Assign a problem to somebody."""
    return lambda op: problems.assign(op, problem, name)


@verb("problem-resolve", click.argument("problem"), NOTE)
def problem_resolve(problem: str, note: str) -> Verb:
    """Say that a problem is resolved."""
    return lambda op: problems.resolve(op, problem, note)


@verb(
    "decide",
    click.argument("kind", type=click.Choice(decisions.KINDS), default="back-out"),
    click.option("--by", required=True, metavar="NAME", help="Who decided."),
    MUST_REASON,
    click.option("--agreed", default="", metavar="T", help="How the authoriser agreed, when they are not here."),
    BREAK_GLASS,
)
def decide(kind: str, by: str, reason: str, agreed: str, break_glass: bool) -> Verb:
    """Record the decision: back out, fix forward, or stand down."""
    return lambda op: decisions.decide(op, kind, by=by, reason=reason, agreed=agreed, break_glass=break_glass)


@verb("verdict", click.argument("outcome"), REASON)
def verdict(outcome: str, reason: str) -> Verb:
    """Say whether it worked."""
    return lambda op: decisions.verdict(op, outcome, reason)


@verb("close", click.option("--outcome", default="", metavar="OUTCOME"), REASON)
def close(outcome: str, reason: str) -> Verb:
    """Close the backout; a reason covers what is left open."""
    return lambda op: decisions.close(op, outcome=outcome, reason=reason)


@verb("reopen", MUST_REASON)
def reopen(reason: str) -> Verb:
    """Open a closed backout again."""
    return lambda op: decisions.reopen(op, reason)


COMMANDS = (problem_add, problem_edit, problem_assign, problem_resolve, decide, verdict, close, reopen)
