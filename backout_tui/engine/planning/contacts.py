"""The people of a plan: those it only mentions are looked up beside the settings."""

from __future__ import annotations

from backout_tui.domain.contacts import with_contacts
from backout_tui.domain.plan import Plan
from backout_tui.engine.desk import Desk


def resolved(desk: Desk, plan: Plan) -> Plan:
    """The plan with the contacts that it mentions and `contacts.toml` knows.

    What the plan is stored, confirmed and approved as stays without them. Raises BackoutError when that file is wrong.
    """
    from backout_tui.contacts_file import read_contacts  # here: whoever only reads a backout does without it

    known = read_contacts(desk.settings)
    return with_contacts(plan, known) if known else plan
