"""What is shown before something runs or is sent: exactly what will happen, on which host, as whom. Pure."""

from __future__ import annotations

from backout_tui.domain.spans import in_words
from backout_tui.engine.verbs.attempt_verbs import Preview
from backout_tui.engine.verbs.message_verbs import Addressee, Letter
from backout_tui.ui.dialogs.confirm import Section

REHEARSAL = "This is a rehearsal: it is only shown, nothing runs and nothing is sent."


def of_command(preview: Preview) -> list[Section]:
    """The command, where it runs and as whom, what it interrupts, and what cannot be undone."""
    limit = f", stopped after {in_words(preview.timeout_s)}" if preview.timeout_s else ""
    where = f"on {preview.host} as {preview.user}, in {preview.cwd}"
    sections = [
        *([] if preview.runs else [Section("", (REHEARSAL,), "warning")]),
        *([Section("Caution", preview.warnings, "warning")] if preview.warnings else []),
        *([Section("plan check finds in the command", preview.wrong, "failed")] if preview.wrong else []),
        Section(f"Runs {where}", (f"by {preview.shell}{limit}", *preview.besides)),
        Section("The command", (preview.command,), "strong"),
    ]
    if preview.changed:
        sections.append(Section("Changed in this backout: - the plan's, + what runs", preview.changed, difference=True))
    if preview.expects:
        sections.append(Section("Done when it ends with exit 0 and prints", preview.expects))
    return sections


def of_letter(letter: Letter, *, leaves: bool) -> list[Section]:
    """To whom it goes and the local time there, who cannot be reached, and the whole text."""
    sections = [] if leaves else [Section("", ("It is only shown: nothing is sent.",), "warning")]
    calm = tuple(_addressee(one) for one in letter.recipients if not one.quiet)
    disturbed = tuple(_addressee(one) for one in letter.recipients if one.quiet)
    sections += [Section("To", calm)] if calm else []
    sections += [Section("To, in their quiet hours", disturbed, "warning")] if disturbed else []
    if letter.unreachable:
        lines = tuple(f"{name}: {why}" for name, why in letter.unreachable)
        sections.append(Section("Does not reach", lines, "warning"))
    if letter.not_known:
        sections.append(
            Section(
                "Not known yet; the mail will say so",
                (", ".join(f"{{{name}}}" for name in letter.not_known),),
                "warning",
            )
        )
    sections.append(Section(f"Subject: {letter.subject}", (letter.body.rstrip("\n"),)))
    return sections


def _addressee(one: Addressee) -> str:
    hour = f"{one.local_time} there" if one.local_time else ""
    unknown = "quiet hours not known" if one.quiet is None else ""
    return ", ".join(filter(None, (f"{one.name} <{one.address}>", hour, unknown)))
