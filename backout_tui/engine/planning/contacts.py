"""A plan's contacts: those that it only mentions are looked up in the file beside the settings."""

from __future__ import annotations

from backout_tui.domain.plan.mentioned import with_contacts
from backout_tui.domain.plan.plan import Plan
from backout_tui.engine.desk import Desk


def resolved(desk: Desk, plan: Plan) -> Plan:
    """The plan, with those of its contacts that `contacts.toml` knows filled in.

    The plan is stored, confirmed and approved without them. Raises BackoutError when that file is wrong.
    """
    from backout_tui.contacts_file import read_contacts  # here: code that only reads a backout doesn't need it

    known = read_contacts(desk.settings)
    return with_contacts(plan, known) if known else plan
