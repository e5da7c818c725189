"""Which action belongs to which command of the table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from backout_tui.ui.actions import (
    calls,
    checks,
    contingency,
    controls,
    deciding,
    deployment,
    end,
    folding_back,
    looking,
    messages,
    options,
    probing,
    problems,
    running,
    step_changes,
    steps,
)
from backout_tui.ui.situation import PANES

if TYPE_CHECKING:
    from backout_tui.ui.dashboard import Dashboard

FLOWS: Mapping[str, Callable[[Dashboard], None]] = {
    "log_problem": problems.log_problem,
    "decide": deciding.decide,
    "break_glass": deciding.break_glass,
    "assign_problem": problems.assign_problem,
    "resolve_problem": problems.resolve_problem,
    "run_step": running.run_step,
    "step_done": steps.step_done,
    "step_failed": steps.step_failed,
    "skip_step": steps.skip_step,
    "work_around": steps.work_around,
    "change": step_changes.change,
    "add_step": step_changes.add_step,
    "move_step": step_changes.move_step,
    "stop_step": running.stop_step,
    "reopen": steps.reopen,
    "not_needed": steps.not_needed,
    "choose_option": options.choose_option,
    "answer_condition": options.answer_condition,
    "set_variable": options.set_variable,
    "deployed": deployment.deployed,
    "run_check": probing.run_check,
    "run_due_checks": running.run_due_checks,
    "record_check": checks.record_check,
    "message": messages.message,
    "call": calls.call,
    "note": calls.note,
    "verdict": end.verdict,
    "if_it_fails": contingency.if_it_fails,
    "take_over": controls.take_over,
    "hand_over": controls.hand_over,
    "keep_controls": controls.keep,
    "brief": controls.brief,
    "complete_reason": end.complete_reason,
    "fold_back": folding_back.fold_back,
    "open": looking.open_item,
    "back": looking.back,
    **{f"pane_{number}": partial(looking.go_to, name=name) for number, name in enumerate(PANES, 1)},
    "next_pane": partial(looking.go_on, step=1),
    "pane_before": partial(looking.go_on, step=-1),
    "log": looking.log,
    "compare": looking.compare,
    "copy": looking.copy,
    "filter": looking.filter_rows,
    "palette": looking.palette,
    "help": looking.show_help,
    "list": looking.to_list,
    "leave": looking.leave,
}
