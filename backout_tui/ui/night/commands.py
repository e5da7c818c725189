"""The commands of the dashboard: every verb in the table below, and every command that only looks.

Bindings, footer, palette, help and the table of keys are made from them.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping

from msgspec import Struct

from backout_tui.domain.refusal import Refusal
from backout_tui.engine.verbs.table import verb_gates
from backout_tui.engine.verbs.table.verb import LIFTED_BY_ITS_DIALOG, Verb, always
from backout_tui.engine.verbs.table.verb_gates import At, Gate
from backout_tui.engine.verbs.table.verb_table import SUBJECTS
from backout_tui.ui.night.situation import Situation

NAMED_KEYS = {
    "Enter": "enter",
    "Esc": "escape",
    "Tab": "tab",
    "Shift+Tab": "shift+tab",
    "Ctrl+P": "ctrl+p",
    "=": "equals_sign",
    "/": "slash",
    "?": "question_mark",
}
"""The keys that have another name in Textual than people use."""


class Command(Struct, frozen=True):
    """One thing the operator can do.

    `key` is written as a person reads it; it is "" for commands that only the palette has. `types` means that it opens
    a text field at once, so that people may type ahead. If several commands share a key, `means` says which of them
    applies now.
    """

    id: str
    key: str
    label: str
    help: str
    gate: Gate = verb_gates.act
    types: bool = False
    means: Callable[[At], bool] = always

    @property
    def binding(self) -> str:
        """The key in Textual's notation; "" when the command has none."""
        return NAMED_KEYS.get(self.key, self.key)

    def refusal(self, situation: Situation) -> Refusal | None:
        """Why the command does not apply in this situation; None when it does."""
        return self.gate(situation)

    def is_lit(self, situation: Situation) -> bool:
        """Whether the footer shows the key as one that works now."""
        refusal = self.refusal(situation)
        return refusal is None or refusal.lifted_by in LIFTED_BY_ITS_DIALOG


def free(_: At) -> Refusal | None:
    """Looking is always allowed."""
    return None


def opened(at: At) -> Refusal | None:
    """Opening needs something under the cursor."""
    return None if at.on is not None else Refusal("There is nothing here to open.")


def _of(verb: Verb) -> Command:
    return Command(verb.id, verb.key, verb.label, verb.help, verb.gate, verb.types, verb.means)


_BESIDE: Mapping[str, tuple[Command, ...]] = {
    "Problems": (
        Command("break-glass", "", "Break glass", "Break the glass: decide though nobody who may decide answers."),
    ),
    "Checks": (Command("check-run-due", "V", "All due", "Run every check that is due.", verb_gates.run_due_checks),),
    "The end": (
        Command(
            "fold-back",
            "",
            "Fold back",
            "Fold deviations back into the plan, or dismiss them.",
            verb_gates.fold_back,
        ),
    ),
}
"""Commands beside the verbs: each does what several of them do, or writes into the plan's log."""

LOOKING = (
    Command("open", "Enter", "Open", "Open what the cursor is on.", opened),
    Command("back", "Esc", "Back", "Close what is open; keep the controls that are asked for.", free),
    Command("pane_1", "1", "Problems", "Go to the problems.", free),
    Command("pane_2", "2", "Plan", "Go to the plan.", free),
    Command("pane_3", "3", "Verification", "Go to the verification.", free),
    Command("pane_4", "4", "Communication", "Go to the communication.", free),
    Command("next_pane", "Tab", "Next pane", "Go to the next pane.", free),
    Command("pane_before", "Shift+Tab", "Pane before", "Go to the pane before.", free),
    Command("if_it_fails", "", "If it fails", "See what to do if the backout fails, and whom to call.", free),
    Command("log", "l", "Log", "Show the log.", free),
    Command("compare", "=", "Compare", "Show the steps as planned beside the steps as run.", free),
    Command("brief", "", "Brief", "Show where the backout stands, for someone joining now.", free),
    Command("copy", "y", "Copy", "Copy what the cursor is on.", opened),
    Command(
        "filter",
        "/",
        "Filter",
        "Show only the rows that hold a text; in an open one, search its output.",
        free,
        types=True,
    ),
    Command(
        "output", "", "Search output", "Search all that is kept of what the command here printed.", opened, types=True
    ),
    Command("palette", "Ctrl+P", "Palette", "Find a command by its name.", free),
    Command("help", "?", "Help", "Show all keys.", free),
    Command("list", "", "List, plans", "Go to the list of all backouts and plans; what runs goes on.", free),
    Command("leave", "q", "Leave", "Leave at once: nothing is lost, steps go on.", free),
)
"""The commands that look and move; only Back can lead to a write, when it keeps the controls."""


@functools.cache
def table() -> Mapping[str, tuple[Command, ...]]:
    """Every command, by subject. The keys are those of contract.md section 12."""
    verbs = {name: tuple(_of(verb) for verb in verbs if verb.label) for name, verbs in SUBJECTS.items()}
    return {name: (*commands, *_BESIDE.get(name, ())) for name, commands in verbs.items()} | {"Looking": LOOKING}


MOVING = ("j k ↑ ↓", "Move the cursor. (k moves up right after j; otherwise it logs a call.)")
"""What the lists' own keys do, for the help and the README."""

FOOTER: Mapping[str, str] = {
    "problems": "p c D m k n l ? q",
    "plan": "r d f s w p D c ? m a x X l q",
    "checks": "v V p m X n l ? q",
    "messages": "m k n p X l ? q",
    "closed": "l = Enter u y ? q",
    "looking on": "T l = Enter y ? q",
}
"""The keys that the footer offers in each pane, the most useful first; it shows as many as fit."""


def offered(situation: Situation) -> tuple[Command, ...]:
    """The commands that the footer offers; if several share a key, only the one that applies now."""
    closed = situation.backout.closed_at is not None
    place = "closed" if closed else "looking on" if situation.no_controls is not None else situation.pane
    asked = ("T",) if situation.standing.asked_by is not None and not closed else ()
    return tuple(meant(key, situation) for key in (*asked, *FOOTER[place].split()))


def meant(key: str, situation: Situation) -> Command:
    """The command that `key` means where the operator stands. Raises KeyError for a key without a command."""
    sharing = by_key()[key]
    return next((command for command in sharing if command.means(situation)), sharing[-1])


@functools.cache
def by_id() -> Mapping[str, Command]:
    """The commands by their ids."""
    return {command.id: command for commands in table().values() for command in commands}


@functools.cache
def by_key() -> Mapping[str, tuple[Command, ...]]:
    """The commands by key; several may share one."""
    keys = dict.fromkeys(command.key for command in by_id().values() if command.key)
    return {key: tuple(one for one in by_id().values() if one.key == key) for key in keys}


def typing_keys() -> frozenset[str]:
    """The keys, in Textual's notation, after which people may type ahead."""
    return frozenset(sharing[0].binding for sharing in by_key().values() if all(one.types for one in sharing))


def table_markdown() -> str:
    """The table of keys for the documentation."""
    keyed = [(command.key, command.help) for command in by_id().values() if command.key]
    lines = [f"| {' '.join(f'`{key}`' for key in keys.split())} | {words} |" for keys, words in [MOVING, *keyed]]
    return "\n".join(["| key | does |", "|---|---|", *lines])
