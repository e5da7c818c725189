"""`backout-tui do BACKOUT VERB ...`: the operator's verbs, as the dashboard's keys do them."""

from __future__ import annotations

import click

from backout_tui.cli import do_controls, do_others, do_problems, do_steps
from backout_tui.cli.verb import AS_JSON, Doing


class _JsonBeforeTheVerb(click.Group):
    """`do 3 --json VERB` as well as `do 3 VERB --json`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put an option that stands behind the backout where options of this command stand."""
        if args[1:2] == ["--json"]:
            args = ["--json", args[0], *args[2:]]
        return super().parse_args(ctx, args)


@click.group(cls=_JsonBeforeTheVerb, context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("backout")
@AS_JSON
@click.pass_context
def do(ctx: click.Context, backout: str, as_json: bool) -> None:
    """Do one thing in BACKOUT (its number), as the dashboard's keys do."""
    ctx.obj = Doing(ctx.obj, backout, as_json)


for _command in (*do_problems.COMMANDS, *do_steps.COMMANDS, *do_others.COMMANDS, *do_controls.COMMANDS):
    do.add_command(_command)
