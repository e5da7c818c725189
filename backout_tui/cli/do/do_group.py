"""`backout-tui do BACKOUT VERB ...`: the operator's verbs, as the dashboard's keys do them."""

from __future__ import annotations

import click

from backout_tui.cli.do.verb_command import Doing, command_of
from backout_tui.engine.verbs.table.verb_table import all_verbs


class _JsonBeforeTheVerb(click.Group):
    """Accepts `do 3 --json VERB` as well as `do 3 VERB --json`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Move an option that follows the backout to the place where this group's options go."""
        if args[1:2] == ["--json"]:
            args = ["--json", args[0], *args[2:]]
        return super().parse_args(ctx, args)


@click.group(cls=_JsonBeforeTheVerb, context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("backout")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_context
def do(ctx: click.Context, backout: str, as_json: bool) -> None:
    """Do one thing in BACKOUT (its number), as the dashboard's keys do."""
    ctx.obj = Doing(ctx.obj, backout, as_json)


for _verb in all_verbs():
    do.add_command(command_of(_verb))
