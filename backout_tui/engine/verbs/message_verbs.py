"""Messages: previewed with their recipients' local time, sent by email, written on the spot, resolved."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from backout_tui.domain.backout.events import Draft
from backout_tui.domain.backout.items import MessageState
from backout_tui.domain.backout.payloads.kinds import EventKind
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.backout.states import RECIPIENT
from backout_tui.domain.codec import rfc3339
from backout_tui.domain.plan import texts
from backout_tui.domain.plan.plan import Contact
from backout_tui.domain.rules import gates, paging
from backout_tui.domain.rules.message_values import values
from backout_tui.engine.operator import Operator, Receipt, refuse
from backout_tui.engine.session.secret_values import MAIL_PASSWORD, mail_password
from backout_tui.engine.verbs import attempt_verbs
from backout_tui.engine.verbs.ids import message_of, numbered, said
from backout_tui.errors import BackoutError, Refused


class Addressee(Struct, frozen=True):
    """One person who would get the message, and their local time; `quiet` is None when their hours are not known."""

    name: str
    address: str
    local_time: str
    quiet: bool | None


class Letter(Struct, frozen=True):
    """Exactly what would be sent, and to whom. `not_known` holds the names that would read "not known yet"."""

    subject: str
    body: str
    recipients: tuple[Addressee, ...]
    unreachable: tuple[tuple[str, str], ...]
    sender: str
    not_known: tuple[str, ...] = ()


def preview(op: Operator, title: str) -> Letter:
    """The message as it would be sent now, without the recipients who already have it or are in doubt."""
    return _letter(op, op.backout, message_of(op.backout, title))


def refuse_send(op: Operator, title: str) -> None:
    """Raise what `send` would raise now, before anybody is asked to confirm."""
    refuse(op.why_not_act())
    refuse(gates.why_not_send(message_of(op.backout, title)))
    why = op.desk.settings.why_no_mail() if _leaves(op.backout) else None
    if why is not None:
        raise BackoutError(f"email cannot be sent: {why}")


def send(op: Operator, title: str, *, shown: Letter | None = None) -> Receipt:
    """Send a message to the recipients who don't have it yet: as it was `shown`, or else as it reads now.

    A rehearsal and the demo only show it.
    """
    op.refresh()
    refuse_send(op, title)
    message = message_of(op.backout, title)
    if not _leaves(op.backout):
        return _show(op, message.id, shown)
    return _send(op, message.id, shown or _letter(op, op.backout, message))


def _leaves(backout: Backout) -> bool:
    return backout.live and backout.sends_mail


def _show(op: Operator, message_id: str, shown: Letter | None) -> Receipt:
    def drafts(backout: Backout) -> list[Draft]:
        message = message_of(backout, message_id)
        refuse(gates.why_not_send(message))
        letter = shown or _letter(op, backout, message)
        names = [one.name for one in letter.recipients]
        data = {"message": message.id, "subject": letter.subject, "text": letter.body, "recipients": names}
        return [Draft(EventKind.MESSAGE_SHOWN, data)]

    return op.append(drafts)


def _send(op: Operator, message_id: str, letter: Letter) -> Receipt:
    if not letter.recipients:
        why = "; ".join(f"{name}: {reason}" for name, reason in letter.unreachable) or "it names nobody"
        raise Refused(f"Nobody can be reached by this message ({why}). Call them (k), or write to others (m).")
    from backout_tui.engine.channels.mime import message_id as mail_id

    intent = attempt_verbs.new_id()
    told = [{"name": one.name, "address": one.address} for one in letter.recipients]

    def drafts(backout: Backout) -> list[Draft]:
        message = message_of(backout, message_id)
        refuse(gates.why_not_send(message))
        if not {one["name"] for one in told} <= {one.name for one in _letter(op, backout, message).recipients}:
            raise Refused("Somebody sent this message meanwhile. Look at it again.")
        data: dict[str, Any] = {
            "message": message.id,
            "attempt": 1,
            "machine": op.desk.here.id,
            "subject": letter.subject,
            "text": letter.body,
            "recipients": told,
            "unreachable": [{"name": name, "detail": why} for name, why in letter.unreachable],
        }
        return [Draft(EventKind.MESSAGE_SENDING, data)]

    envelope = {
        "message_id": mail_id(intent, op.actor.host),
        "from": letter.sender,
        "subject": letter.subject,
        "body": letter.body,
        "recipients": told,
        "date": rfc3339(op.desk.clock.now()),
    }
    mail = op.desk.settings.mail
    request = {"kind": "message", "subject": message_id, "attempt": 1, "mail": mail.record(), "envelope": envelope}
    return attempt_verbs.begin(op, intent, request, _password(op), drafts)


def _password(op: Operator) -> dict[str, str]:
    mail = op.desk.settings.mail
    if not mail.username:
        return {}
    password = mail_password(mail, op.desk.whole_environment)
    if password is None:
        raise BackoutError(
            "the mail server needs a password, and the settings do not say where it is",
            where=str(op.desk.settings.path or "config.toml"),
            todo="Set password_env or password_command in [mail].",
        )
    return {MAIL_PASSWORD: password}


def write(op: Operator, to: tuple[str, ...], by: str, text: str, subject: str = "") -> Receipt:
    """Write a message on the spot. It is a draft until it is sent."""
    text = said(text, "the text")
    if not any(name.strip() for name in to):
        raise BackoutError(
            "the message names nobody", todo="Name the recipients: contacts or groups, separated by commas."
        )
    created = ""

    def drafts(backout: Backout) -> list[Draft]:
        nonlocal created
        created = numbered("M", backout.messages)
        title = _free_title(backout, subject.strip() or texts.subject_and_body(text, f"Message {created}")[0])
        body = f"Subject: {subject.strip()}\n\n{text}" if subject.strip() else text
        names = [name.strip() for name in to if name.strip()]
        data = {"message": created, "title": title, "to": names, "by": by.strip().lower() or "email", "text": body}
        return [Draft(EventKind.MESSAGE_WRITTEN, data)]

    receipt = op.append(drafts)
    return Receipt(receipt.event, created, receipt.backout)


def resolve(op: Operator, title: str, recipient: str, as_: str, reason: str) -> Receipt:
    """Record whether a message in doubt reached a recipient: sent or not-sent."""
    if as_ not in ("sent", "not-sent"):
        raise BackoutError(f"a message cannot be {as_}", todo="It is one of: sent, not-sent.")
    reason = said(reason, "the reason")

    def drafts(backout: Backout) -> list[Draft]:
        message = message_of(backout, title)
        name = next((r.name for r in message.recipients if r.name.casefold() == recipient.casefold()), recipient)
        refuse(gates.why_not_resolve_recipient(message, name))
        data = {"message": message.id, "recipient": name, "as": as_, "reason": reason}
        return [Draft(EventKind.MESSAGE_RESOLVED, data)]

    return op.append(drafts)


def _free_title(backout: Backout, title: str) -> str:
    number, free = 1, title
    while backout.message(free) is not None:
        number += 1
        free = f"{title} ({number})"
    return free


def _letter(op: Operator, backout: Backout, message: MessageState) -> Letter:
    filled = values(backout, op.desk.clock.now(), op.learn_past())
    letter = texts.letter(message.text, message.title, filled, backout.head)
    contacts, unknown = texts.recipients(message.to, backout.plan.contacts)
    settled = {one.name for one in message.recipients if RECIPIENT[one.state].not_again}
    open_ones = [contact for contact in contacts if contact.name not in settled]
    reached = [contact for contact in open_ones if contact.address(message.by)]
    unreachable = [(contact.name, f"has no {message.by} address") for contact in open_ones if contact not in reached]
    unreachable += [(name, "is not a contact of this plan") for name in unknown]
    return Letter(
        subject=letter.subject,
        body=letter.body,
        recipients=tuple(_addressee(op, contact, message.by) for contact in reached),
        unreachable=tuple(unreachable),
        sender=op.desk.settings.mail.sender,
        not_known=texts.not_known(message.text, filled),
    )


def _addressee(op: Operator, contact: Contact, channel: str) -> Addressee:
    now = op.desk.clock.now()
    zone = contact.zone or "UTC"
    address = contact.address(channel) or ""
    return Addressee(contact.name, address, paging.local_hour(now, zone), paging.is_quiet(contact, now))
