"""The arguments and options that the commands about plans share."""

from __future__ import annotations

import click

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
PLAN = click.argument("plan_", metavar="PLAN")
