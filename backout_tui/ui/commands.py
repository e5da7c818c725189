"""The commands, in one table: keys, labels, help and gates. Bindings, footer, palette, help and README read it."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass

from backout_tui.domain.refusal import CHOICE, CONDITION, Refusal
from backout_tui.ui import command_gates as gate
from backout_tui.ui.command_gates import Gate
from backout_tui.ui.situation import Situation

OFFERED = frozenset({"reason", "note", CHOICE, CONDITION})
"""What the dialog of a command asks for anyway: a refusal that it lifts leaves the key lit."""
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
"""The keys that Textual calls by another name than people do."""


@dataclass(frozen=True, slots=True)
class Command:
    """One thing the operator can do.

    `key` is how a person reads it, "" for what only the palette has. `types`: it opens a text field at once, so that
    the text may be typed ahead.
    """

    id: str
    key: str
    label: str
    help: str
    gate: Gate = gate.act
    types: bool = False

    @property
    def binding(self) -> str:
        """The key in Textual's words; "" when it has none."""
        return NAMED_KEYS.get(self.key, self.key)

    def refusal(self, situation: Situation) -> Refusal | None:
        """Why it does not apply in this situation; None when it does."""
        return self.gate(situation)

    def is_lit(self, situation: Situation) -> bool:
        """Whether its key is shown as one that works now."""
        refusal = self.refusal(situation)
        return refusal is None or refusal.lifted_by in OFFERED


TABLE: Mapping[str, tuple[Command, ...]] = {
    "Problems": (
        Command("log_problem", "p", "Problem", "Log what is wrong; a title is enough.", types=True),
        Command("decide", "D", "Decide", "Record who decided what, and why.", gate.decide),
        Command("break_glass", "", "Break glass", "Decide though nobody who may is awake: break the glass."),
        Command("assign_problem", "", "Assign", "Assign this problem to somebody.", gate.of_problem),
        Command("resolve_problem", "", "Resolve", "Say that this problem is resolved.", gate.of_problem),
    ),
    "Steps": (
        Command("run_step", "r", "Run", "Run this step's command, or run it again after it failed.", gate.run),
        Command("step_done", "d", "Done", "Say that this step is done.", gate.done),
        Command("step_failed", "f", "Failed", "Say that this step has failed.", gate.fail, types=True),
        Command("skip_step", "s", "Skip", "Skip this step, with a reason.", gate.skip, types=True),
        Command("work_around", "w", "Around", "Say how this step was worked around.", gate.work_around, types=True),
        Command("change", "c", "Change", "Change this step, or this problem.", gate.change),
        Command("add_step", "a", "Add", "Add a step behind this one.", types=True),
        Command("move_step", "o", "Move", "Move this step behind another.", gate.move),
        Command("stop_step", "x", "Stop", "Stop the command that runs.", gate.stop),
        Command("reopen", "u", "Reopen", "Open again what was left out, or a closed backout.", gate.reopen, types=True),
        Command("not_needed", "N", "Not needed", "Say why this step is not needed.", gate.not_needed, types=True),
        Command("choose_option", "", "Option", "Choose among the exclusive ways of the plan.", gate.choose),
        Command("answer_condition", "", "Condition", "Say whether this step's condition holds.", gate.answer),
        Command("set_variable", "", "Variable", "Set a variable of the plan.", gate.set_variable),
        Command("deployed", "", "Deployed", "Say when the release was deployed: the window counts from it.", gate.act),
    ),
    "Checks": (
        Command(
            "run_check",
            "v",
            "Check",
            "Run this check, or the probe of a step in doubt.",
            gate.run_check,
        ),
        Command("record_check", "", "Record", "Record what you see of this check.", gate.of_check),
        Command("run_due_checks", "V", "All due", "Run every check that is due.", gate.run_due_checks),
    ),
    "People": (
        Command("message", "m", "Message", "Send a message of the plan, or write one."),
        Command("call", "k", "Call", "Log a phone call. (Right after j it moves up, as in any list.)"),
        Command("note", "n", "Note", "Write a note into the log.", types=True),
    ),
    "The end": (
        Command("verdict", "X", "Verdict", "Say whether it worked, then close."),
        Command(
            "take_over", "T", "Take over", "Take over, ask for, agree to or hand over the controls.", gate.take_over
        ),
        Command("hand_over", "", "Hand over", "Give the controls to somebody, with a brief.", gate.hand_over),
        Command("keep_controls", "", "Keep", "Keep the controls that somebody asks for.", gate.asked),
        Command("complete_reason", "", "Reason", "Complete a reason that was thin.", gate.complete_reason),
        Command("fold_back", "", "Fold back", "Fold deviations back into the plan, or dismiss them.", gate.fold_back),
    ),
    "Looking": (
        Command("open", "Enter", "Open", "Open what the cursor is on.", gate.opened),
        Command("back", "Esc", "Back", "Close what is open; keep the controls that are asked for.", gate.always),
        Command("pane_1", "1", "Problems", "Go to the problems.", gate.always),
        Command("pane_2", "2", "Plan", "Go to the plan.", gate.always),
        Command("pane_3", "3", "Verification", "Go to the verification.", gate.always),
        Command("pane_4", "4", "Communication", "Go to the communication.", gate.always),
        Command("next_pane", "Tab", "Next pane", "Go to the next pane.", gate.always),
        Command("pane_before", "Shift+Tab", "Pane before", "Go to the pane before.", gate.always),
        Command("if_it_fails", "", "If it fails", "See what to do if the backout fails, whom to call.", gate.always),
        Command("log", "l", "Log", "Show the log.", gate.always),
        Command("compare", "=", "Compare", "Show the steps as planned beside as run.", gate.always),
        Command("brief", "", "Brief", "Show where the backout stands, for who comes now.", gate.always),
        Command("copy", "y", "Copy", "Copy what the cursor is on.", gate.opened),
        Command("filter", "/", "Filter", "Show only the rows that hold a text.", gate.always, types=True),
        Command("palette", "Ctrl+P", "Palette", "Find a command by its name.", gate.always),
        Command("help", "?", "Help", "Show all keys.", gate.always),
        Command("list", "", "List, plans", "Go to the list of all backouts and plans; what runs goes on.", gate.always),
        Command("leave", "q", "Leave", "Leave at once: nothing is lost, steps go on.", gate.always),
    ),
}
"""Every command, by subject. The keys are those of contract.md section 12."""

MOVING = ("j k ↑ ↓", "Move the cursor.")
"""What the lists' own keys do, for the help and the README."""

FOOTER: Mapping[str, tuple[str, ...]] = {
    "problems": ("log_problem", "change", "decide", "message", "call", "note", "log", "help", "leave"),
    "plan": (
        "run_step", "step_done", "step_failed", "skip_step", "work_around", "log_problem", "decide", "change", "help",
        "message", "add_step", "stop_step", "verdict", "log", "leave",
    ),
    "checks": ("run_check", "run_due_checks", "log_problem", "message", "verdict", "note", "log", "help", "leave"),
    "messages": ("message", "call", "note", "log_problem", "verdict", "log", "help", "leave"),
    "closed": ("log", "compare", "open", "reopen", "copy", "help", "leave"),
    "looking on": ("take_over", "log", "compare", "open", "copy", "help", "leave"),
}  # fmt: skip
"""What the footer offers in each pane, the most useful first: it shows as many as there is room for."""


def offered(situation: Situation) -> tuple[Command, ...]:
    """The commands that the footer offers."""
    closed = situation.backout.closed_at is not None
    place = "closed" if closed else "looking on" if situation.no_controls is not None else situation.pane
    asked = ("take_over",) if situation.standing.asked_by is not None and not closed else ()
    return tuple(by_id()[one] for one in (*asked, *FOOTER[place]))


@functools.cache
def by_id() -> Mapping[str, Command]:
    """The commands by their ids."""
    return {command.id: command for commands in TABLE.values() for command in commands}


def typing_keys() -> frozenset[str]:
    """The keys, in Textual's words, after which text may be typed ahead."""
    return frozenset(command.binding for command in by_id().values() if command.types)


def table_markdown() -> str:
    """The README's table of keys."""
    keyed = [(command.key, command.help) for command in by_id().values() if command.key]
    lines = [f"| {' '.join(f'`{key}`' for key in keys.split())} | {words} |" for keys, words in [MOVING, *keyed]]
    return "\n".join(["| key | does |", "|---|---|", *lines])
