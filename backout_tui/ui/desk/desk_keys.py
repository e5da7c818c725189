"""The keys of the screens before the night, in one table: the list, a plan, and what people do with one."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from backout_tui.ui.widgets.sheet import Keys


class DeskKey(Struct, frozen=True):
    """One key as a person reads it, its label in the bottom line ("" keeps it out of the line), and its help."""

    key: str
    label: str
    help: str


_READ = DeskKey("Enter", "Read", "Give the lower part the whole screen, to scroll it; again, or Esc, takes it back.")
_BACK = DeskKey("Esc", "Back", "Go back to the screen before.")
_HELP = DeskKey("?", "Help", "Show all keys.")

TABLE: Mapping[str, tuple[DeskKey, ...]] = {
    "The list": (
        DeskKey("Enter", "Open", "Open the backout, or the plan, under the cursor."),
        DeskKey("s", "Start", "Start a backout of the plan under the cursor, live or as a rehearsal."),
        DeskKey("p", "New plan", "Begin a plan with the nine questions."),
        DeskKey("f", "Find", "Find out whether a plan exists that a release can reuse."),
        DeskKey("c", "Copy plan", "Reuse the plan under the cursor for another release."),
        DeskKey("i", "Import", "Read a plan from a file: our own form, or anybody's runbook."),
        DeskKey("n", "No plan", "Start a backout for which nobody wrote a plan."),
        DeskKey("/", "Filter", "Show only the rows that hold a text: service, team, version, words of the plan."),
        DeskKey("Tab", "", "Go to the other of the two lists; 1 and 2 as well."),
        _HELP,
        DeskKey("q", "Leave", "Leave."),
    ),
    "The plans near to a release": (
        DeskKey("c", "Copy", "Reuse the plan under the cursor for this release."),
        DeskKey("p", "New plan", "None of them will do: begin with the nine questions."),
        _READ,
        _HELP,
        _BACK,
    ),
    "A plan": (
        DeskKey("r", "Review", "Confirm, edit or drop what was inherited, item by item."),
        DeskKey("v", "Check", "Show what is wrong with it."),
        DeskKey("=", "Changes", "Show what it changes against the plan it came from."),
        DeskKey("e", "Edit", "Open it in your editor; what you save is its next revision."),
        DeskKey("c", "Copy", "Reuse it for another release."),
        DeskKey("A", "Approve", "Approve exactly this text."),
        DeskKey("x", "Export", "Write it to a file in git."),
        DeskKey("s", "Start", "Start a backout of it."),
        DeskKey("F", "Fold back", "Turn a backout's deviations into a revision of it, or dismiss them."),
        DeskKey("H", "Hand over", "Say which people who support production have it, and who of them accepted it."),
        _HELP,
        _BACK,
    ),
    "The review of a plan": (
        DeskKey("c", "Confirm", "This item is right for this release, as it is."),
        DeskKey("e", "Edit", "Open the plan in your editor, at this item."),
        DeskKey("d", "Drop", "Take this item out of the plan."),
        DeskKey("y", "Yes", "A copied word that the check asks about is right."),
        DeskKey("n", "No", "It is not right: this item stays open until it is changed or dropped."),
        DeskKey("u", "Undo", "Take back what was confirmed, answered or dropped last."),
        DeskKey(
            "a", "All unchanged", "Show all that says what it said before and has no error, and confirm it when agreed."
        ),
        DeskKey("Tab", "Only open", "Show only what is to be confirmed, or everything."),
        _READ,
        _HELP,
        _BACK,
    ),
    "The check of a plan": (
        DeskKey("e", "Edit", "Open the plan in your editor, at this line."),
        DeskKey("s", "Silence", "This is meant: say why, and it is not told again."),
        DeskKey("L", "Links, programs", "Ask whether links answer and programs are there, too."),
        _READ,
        _HELP,
        _BACK,
    ),
    "The changes of a plan": (DeskKey("j k", "Move", "Go from one difference to the next."), _READ, _HELP, _BACK),
    "A new plan": (
        DeskKey("Ctrl+S", "", "Go on to the next question; Enter in the last field of one line as well."),
        DeskKey("Alt+←", "", "Go back to the question before; Shift+Tab in the first field and Ctrl+B as well."),
        DeskKey("Ctrl+L", "", "Leave this question open."),
        DeskKey("Esc", "", "Leave; what was typed is kept for the next time."),
        DeskKey("Ctrl+N", "", "Throw away what was typed, and begin anew."),
    ),
}
"""The keys by screen, the most useful first."""


def offered(screen: str) -> Keys:
    """Return what the bottom line of that screen offers."""
    return tuple((one.key, one.label) for one in TABLE[screen] if one.label)


def table_markdown() -> str:
    """Return these keys as a Markdown table, for the help."""
    lines = ["| where | key | does |", "|---|---|---|"]
    for screen, keys in TABLE.items():
        for at, one in enumerate(keys):
            if one not in (_HELP, _BACK):
                names = " ".join(f"`{name}`" for name in one.key.split())
                lines.append(f"| {screen if at == 0 else ''} | {names} | {one.help} |")
    return "\n".join(lines)
