"""Whether the backout was verified, and who was told what and when. It shows names, no address and no number."""

from __future__ import annotations

from collections.abc import Iterator

from backout_tui.domain.backout.items import CheckState, MessageState
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.backout.states import CheckVerdict, MessageStatus
from backout_tui.domain.plan.judgement import said_in
from backout_tui.domain.rules.afterwards import older_words, ran_since_passed
from backout_tui.reports.judgement_words import by_the_plan
from backout_tui.reports.literal import table
from backout_tui.reports.pen import Pen, when


def verdict_words(backout: Backout, verdict: CheckVerdict) -> str:
    """The verdict; in a rehearsal nothing passes, for no check runs in it."""
    return str(verdict) if backout.live or verdict is not CheckVerdict.PASS else "gone through"


def verification(pen: Pen, backout: Backout) -> Iterator[str]:
    """Each check with its verdict, and everything that people observed."""
    yield "## Verification"
    yield ""
    checks = list(backout.checks.values())
    if not checks:
        yield "The plan has no checks."
    rows = [
        (
            pen.line(check.id),
            pen.line(check.title),
            pen.line(check.kind),
            "required" if check.required else "optional",
            _verdict(backout, check),
        )
        for check in checks
    ]
    yield from table(("Check", "What", "Kind", "", "Verdict"), rows)
    seen = sorted(((one.at, check.id, one) for check in checks for one in check.observations), key=lambda one: one[0])
    if seen:
        yield ""
        observed = [
            (when(at), pen.line(id_), verdict_words(backout, one.verdict), pen.line(one.by), pen.line(one.note))
            for at, id_, one in seen
        ]
        yield from table(("At (UTC)", "Check", "Observed", "By", "Note"), observed)
    yield from by_the_plan(pen, "When the release is a success", said_in(backout.plan.success))


def communication(pen: Pen, backout: Backout) -> Iterator[str]:
    """Who was told what and when, and who was called."""
    yield "## Communication"
    yield ""
    messages = list(backout.messages.values())
    if not messages and not backout.calls:
        yield "Nobody was told anything by this program, and no call was logged."
    yield from table(("Message", "Title", "To", "By", "State"), (_message(pen, message) for message in messages))
    told = [
        (message.id, pen.line(one.name), pen.line(one.state.replace("_", " ")), when(one.at), pen.detail(one.detail))
        for message in messages
        for one in message.recipients
    ]
    if told:
        yield ""
        yield from table(("Message", "Who", "State", "At (UTC)", "In the server's words"), told)
    yield from _calls(pen, backout)
    for message in messages:
        if message.sent_text:
            done = "shown" if message.shown else "sent"
            yield ""
            yield f"{pen.line(message.id)}, as it was {done} at {when(message.last_at)} UTC:"
            yield ""
            yield from pen.block(f"Subject: {message.sent_subject}\n\n{message.sent_text}")


def _message(pen: Pen, message: MessageState) -> tuple[str, ...]:
    state = "not sent" if message.state is MessageStatus.DRAFT else message.state.words
    return pen.line(message.id), pen.line(message.title), pen.line(", ".join(message.to)), pen.line(message.by), state


def _calls(pen: Pen, backout: Backout) -> Iterator[str]:
    if backout.calls:
        yield ""
        rows = [
            (
                when(call.at),
                pen.line(call.name),
                pen.line(call.result),
                pen.line(call.by),
                pen.line(call.note),
                when(call.follow_up),
            )
            for call in backout.calls
        ]
        yield from table(("Called at (UTC)", "Who", "Result", "By", "Note", "To be called again (UTC)"), rows)


def _verdict(backout: Backout, check: CheckState) -> str:
    """`**pass**`; and which steps ran after it passed."""
    if not check.verdict:
        return "not looked at"
    words, older = verdict_words(backout, check.verdict), older_words(ran_since_passed(backout, check))
    return f"**{words}**, {older}" if older else f"**{words}**"
