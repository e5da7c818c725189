"""What of a step is other than its plan has it, line by line."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from backout_tui.domain.backout.changed_steps import changes, changes_to_plan, command_to_plan, difference
from backout_tui.domain.backout.items import StepState
from tests import scenes

LINES = st.lists(st.sampled_from(("", "- x", "+ y", "echo", "true", "  deep")), max_size=12)


def test_what_is_gone_and_what_is_new_bear_their_signs() -> None:
    assert difference("a\nb\nc", "a\nB\nc") == ("  a", "- b", "+ B", "  c")
    assert difference("", "a") == ("+ a",)
    assert difference("a", "") == ("- a",)
    assert difference("a", "a") == ("  … 1 line as before",)


def test_of_a_long_text_only_what_stands_next_to_a_change_is_shown() -> None:
    before = "\n".join(str(number) for number in range(100))
    assert difference(before, before.replace("50", "fifty")) == (
        "  … 48 lines as before", "  48", "  49", "- 50", "+ fifty", "  51", "  52", "  … 47 lines as before",
    )  # fmt: skip


@given(LINES, LINES)
def test_both_texts_can_be_read_from_a_difference(before: list[str], after: list[str]) -> None:
    said = difference("\n".join(before), "\n".join(after))
    if not any(line.startswith("  …") for line in said):
        assert [line[2:] for line in said if line[0] != "+"] == lines_of("\n".join(before))
        assert [line[2:] for line in said if line[0] != "-"] == lines_of("\n".join(after))


def lines_of(text: str) -> list[str]:
    """The lines of a text; none of an empty one."""
    return text.split("\n") if text else []


def test_each_changed_part_is_told_and_blanks_at_the_end_are_no_change() -> None:
    before = StepState("4", "Undo", command="undo\n", instruction="Look.")
    after = StepState("4", "Undo it", command="undo", instruction="Look twice.")
    assert [(one.part, one.lines) for one in changes(before, after)] == [
        ("title", ("- Undo", "+ Undo it")),
        ("instruction", ("- Look.", "+ Look twice.")),
    ]


def test_only_a_step_of_the_plan_with_another_command_differs_from_the_plans() -> None:
    backout = scenes.closed().backout
    assert command_to_plan(backout, "4") == (
        '- kubectl -n "$NAMESPACE" rollout undo deployment/payments-api',
        "+ kubectl -n payments rollout undo deployment/payments-api --to-revision=41",
    )
    assert [changes_to_plan(backout, number) for number in ("2", "5a", "6")] == [(), (), ()]
