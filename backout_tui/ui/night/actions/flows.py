"""Maps each command to its action: the one of its verb's row, unless it has its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from backout_tui.domain.refusal import Refusal
from backout_tui.engine.verbs.table.verb_table import verb_of
from backout_tui.ui.night.actions import (
    call_actions,
    change_actions,
    contingency_actions,
    control_actions,
    deciding,
    deployment_actions,
    end,
    fold_back_actions,
    looking,
    message_actions,
    options,
    probe_actions,
    problem_actions,
    run_actions,
    step_actions,
)
from backout_tui.ui.night.actions.verb_actions import perform
from backout_tui.ui.night.situation import PANES

if TYPE_CHECKING:
    from backout_tui.ui.night.dashboard import Dashboard

FLOWS: Mapping[str, Callable[[Dashboard], None]] = {
    "decide": deciding.decide,
    "break-glass": deciding.break_glass,
    "problem-edit": problem_actions.change_problem,
    "step-change": change_actions.change_step,
    "step-add": change_actions.add_step,
    "step-move": change_actions.move_step,
    "step-stop": run_actions.stop_step,
    "option-choose": options.choose_option,
    "step-condition": options.answer_condition,
    "var-set": options.set_variable,
    "deployed-at": deployment_actions.deployed,
    "step-probe": probe_actions.run_probe,
    "check-run": run_actions.run_check,
    "check-run-due": run_actions.run_due_checks,
    "message-send": message_actions.message,
    "message-write": message_actions.write,
    "call-log": call_actions.call,
    "verdict": end.verdict,
    "close": end.close,
    "take-over": control_actions.take_over,
    "agree": control_actions.agree,
    "hand-over": control_actions.hand_over,
    "reason": end.complete_reason,
    "fold-back": fold_back_actions.fold_back,
    "if_it_fails": contingency_actions.if_it_fails,
    "brief": control_actions.brief,
    "open": looking.open_item,
    "back": looking.back,
    **{f"pane_{number}": partial(looking.go_to, name=name) for number, name in enumerate(PANES, 1)},
    "next_pane": partial(looking.go_on, step=1),
    "pane_before": partial(looking.go_on, step=-1),
    "log": looking.log,
    "compare": looking.compare,
    "copy": looking.copy,
    "filter": looking.filter_rows,
    "output": looking.search_output,
    "palette": looking.palette,
    "help": looking.show_help,
    "list": looking.to_list,
    "leave": looking.leave,
}
"""The commands with their own action, by id."""


CLEARED: Mapping[str, Callable[[Dashboard, Refusal | None], None]] = {
    "step-run": run_actions.run_step,
    "step-done": step_actions.step_done,
}
"""The commands that ask for everything that lifts their refusals; they get what their gate said."""


def flow_of(command_id: str, refusal: Refusal | None) -> Callable[[Dashboard], None]:
    """Return what the command does; `refusal` is what its gate said. Raises KeyError without an action or a row."""
    if (told := CLEARED.get(command_id)) is not None:
        return lambda dashboard: told(dashboard, refusal)
    return FLOWS.get(command_id) or partial(perform, verb=verb_of(command_id), refusal=refusal)
