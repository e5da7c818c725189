"""The contacts that all plans share: `contacts.toml` beside the settings. contract.md section 7."""

from __future__ import annotations

from backout_tui.domain.plan.plan import Contact
from backout_tui.domain.plan.texts import plain_name
from backout_tui.domain.rules.paging import are_hours, is_zone
from backout_tui.settings import Settings
from backout_tui.settings_table import Table, read_table

FILE = "contacts.toml"
_HEADINGS = ("contact", "contacts")
"""The heading above contacts that give their own names; any other heading is itself a name."""
_CHANNELS = ("email", "phone", "sms", "slack", "pager")


def read_contacts(settings: Settings) -> tuple[Contact, ...]:
    """Return the contacts in the file beside these settings, or none when there is no such file.

    Raises BackoutError, with file and line, for anything wrong in it.
    """
    path = settings.path.parent / FILE if settings.path is not None else None
    top = read_table(path, "the contacts") if path is not None else None
    if top is None:
        return ()
    found: dict[str, Contact] = {}
    for table in top.tables("a table, [[contact]] or [NAME]"):
        contact = _contact(table)
        if found.setdefault(plain_name(contact.name), contact) is not contact:
            raise table.wrong("name", f'is "{contact.name}", which another contact is called too', "Keep one of them.")
    return tuple(found.values())


def _contact(table: Table) -> Contact:
    contact = Contact(
        name=table.text("name", "" if table.name in _HEADINGS else table.name).strip(),
        role=table.text("role").strip(),
        groups=table.names("groups", "a list of groups"),
        zone=table.text("zone").strip(),
        quiet=table.text("quiet").strip(),
        reach=_reach(table),
    )
    table.finish("a field of a contact")
    if not plain_name(contact.name):
        raise table.wrong("name", "is missing", 'Write name = "..." below the heading.')
    if contact.zone and not is_zone(contact.zone):
        raise table.wrong("zone", f'is "{contact.zone}", and there is no such zone', "Write one as in Europe/London.")
    if contact.quiet and not are_hours(contact.quiet):
        raise table.wrong("quiet", f'is "{contact.quiet}", and must be hours as in 22:00-07:00')
    return contact


def _reach(table: Table) -> tuple[str, ...]:
    """Return each way to reach the contact as `channel:address`: those under `reach`, and keys that name a channel."""
    said = table.names("reach", "a list of addresses")
    for channel, colon, address in (one.partition(":") for one in said):
        if not (channel.strip() and colon and address.strip()):
            raise table.wrong("reach", "holds an address without its channel", "Write it as in email:NAME@example.org.")
    by_channel = [
        f"{channel}:{address}" for channel in _CHANNELS for address in table.names(channel, "an address, or a list")
    ]
    return (*said, *by_channel)
