"""Steps, options, phases and sub-steps; numbers are given once and never invented where one is written."""

from __future__ import annotations

from backout_tui.domain.plan.plan import Plan, Step
from backout_tui.planfile.reading.reader import read_plan


def plan_of(steps: str) -> Plan:
    return read_plan(f"# T\n\n## Steps\n\n{steps}")


def numbers(plan: Plan) -> list[str]:
    return [step.number for step in plan.top_steps()]


def rules(plan: Plan) -> list[str]:
    return [remark.rule for remark in plan.remarks]


def test_a_plan_without_steps_is_a_plan() -> None:
    plan = read_plan("# T\n\n## Steps\n\n## If the backout fails\n\nFix forward.\n")
    assert plan.parts == ()
    assert plan.contingency is not None


def test_steps_that_cannot_be_recognised_stay_words() -> None:
    plan = plan_of("No backout is possible after the migration.")
    assert plan.parts == ()
    assert plan.steps_intro == "No backout is possible after the migration."
    assert rules(plan) == ["no-steps"]


def test_numbers_stay_as_written_whatever_their_order() -> None:
    assert numbers(plan_of("### 4. a\n### 2. b\n### 4a. c\n### Step 9: d\n### 10) e\n")) == ["4", "2", "4a", "9", "10"]


def test_a_step_without_a_number_gets_the_next_free_one_not_one_that_comes_later() -> None:
    plan = plan_of("### 1. a\n### b\n### 2. c\n### d\n")
    assert numbers(plan) == ["1", "3", "2", "4"]
    assert [remark.line for remark in plan.remarks if remark.rule == "no-number"] == [6, 8]


def test_a_number_inside_a_title_is_no_number_of_the_step() -> None:
    plan = plan_of("### 1. a\n### 3 replicas are left\n")
    assert [step.title for step in plan.top_steps()] == ["a", "3 replicas are left"]
    assert numbers(plan) == ["1", "2"]


def test_options_are_exclusive_ways_with_numbers_of_their_own() -> None:
    plan = plan_of(
        "Choose one.\n\n### Option A: by hand\n\nSlow.\n\n#### A1. one\n#### A2. two\n\n"
        "### Option B - by script\n\n#### B1. one\n"
    )
    assert plan.steps_intro == "Choose one."
    assert [(part.kind, part.name, part.intro, part.line) for part in plan.parts] == [
        ("option", "A: by hand", "Slow.", 7),
        ("option", "B: by script", "", 14),
    ]
    assert numbers(plan) == ["A1", "A2", "B1"]
    assert rules(plan) == []


def test_steps_on_the_level_of_their_option_belong_to_it_by_their_letter() -> None:
    plan = plan_of("### Option A: x\n### A1. one\n### 2. afterwards\n")
    assert [(part.kind, [step.number for step in part.steps]) for part in plan.parts] == [
        ("option", ["A1"]),
        ("", ["2"]),
    ]


def test_plain_numbers_in_options_get_the_options_letter() -> None:
    plan = plan_of("### Option A: x\n#### 1. one\n#### 2. two\n### Option B: y\n#### 1. one\n")
    assert numbers(plan) == ["A1", "A2", "B1"]
    assert rules(plan) == ["number-form"] * 3


def test_phases_group_steps_that_keep_their_numbers() -> None:
    plan = plan_of("### 1. first\n### Phase: drain\n#### 2. a\n#### 3. b\n### Phase 2: restore\n#### 4. c\n")
    assert [(part.kind, part.name, [step.number for step in part.steps]) for part in plan.parts] == [
        ("", "", ["1"]),
        ("phase", "drain", ["2", "3"]),
        ("phase", "2: restore", ["4"]),
    ]


def test_sub_steps_hang_below_their_step() -> None:
    (step,) = plan_of("### 4. a\n- owner: x\n\nWords.\n\n#### 4.1 b\n\n##### 4.1.1 c\n\n#### 4.2. d\n").top_steps()
    assert [child.number for child in step.children] == ["4.1", "4.2"]
    assert [child.number for child in step.children[0].children] == ["4.1.1"]
    assert (step.line, step.line_end, step.body) == (5, 14, "Words.")


def test_sub_steps_that_count_from_one_again_are_numbered_below_their_step() -> None:
    plan = plan_of("### 1. a\n#### 1. x\n#### 2. y\n### 2. b\n#### 1. z\n")
    assert [[child.number for child in step.children] for step in plan.top_steps()] == [["1.1", "1.2"], ["2.1"]]


def test_other_headings_inside_a_step_are_its_words() -> None:
    (step,) = plan_of("### 1. a\n\nBefore.\n\n#### Notes\n\nMore.\n").top_steps()
    assert step.body == "Before.\n\n#### Notes\n\nMore."


def test_an_estimate_in_the_title_counts_and_the_title_stays() -> None:
    first, second = plan_of("### 1. Restart (2 min)\n### 2. Wait (5 min)\n- estimate: 9 min\n").top_steps()
    assert (first.title, first.fact("estimate")) == ("Restart (2 min)", "2 min")
    assert second.fact("estimate") == "9 min"


def listed(steps: str) -> list[Step]:
    return list(plan_of(steps).top_steps())


def test_a_numbered_list_is_read_as_steps_with_what_belongs_to_each_item() -> None:
    steps = listed(
        "Intro.\n\n1. Stop it,\n   gently\n\n   More words.\n2. Run\n   ```sh\n   a\n     b\n   ```\n3. Look\n"
    )
    assert [(step.number, step.title, step.line, step.line_end) for step in steps] == [
        ("1", "Stop it, gently", 7, 10),
        ("2", "Run", 11, 15),
        ("3", "Look", 16, 16),
    ]
    assert steps[0].body == "More words."
    assert [(fence.text, fence.line) for fence in steps[1].commands] == [("a\n  b", 12)]


def test_a_fence_at_the_margin_belongs_to_the_item_above_and_keeps_its_indentation() -> None:
    steps = listed("- [ ] Run\n\n```sh\nif a; then\n  b\nfi\n```\n\n- [ ] Look\n")
    assert [(step.title, [fence.text for fence in step.commands]) for step in steps] == [
        ("Run", ["if a; then\n  b\nfi"]),
        ("Look", []),
    ]


def test_items_that_all_say_one_are_counted() -> None:
    assert [step.number for step in listed("1. a\n1. b\n1. c\n")] == ["1", "2", "3"]


def test_facts_inside_an_item_are_the_steps() -> None:
    (step,) = listed("1. Restart\n   - owner: Ann\n   - keep: this\n")
    assert step.fact("owner") == "Ann"
    assert step.body == "- keep: this"


def test_a_bullet_list_beside_options_is_no_list_of_steps() -> None:
    plan = plan_of(
        "- by hand\n- by script\n\n### Option A: by hand\n1. do\n2. look\n\n### Option B: by script\n1. run\n"
    )
    assert numbers(plan) == ["A1", "A2", "B1"]
    assert plan.steps_intro == "- by hand\n- by script"


def test_headings_among_the_steps_that_are_sections_or_notes_are_no_steps() -> None:
    plan = plan_of("### 1. a\n### Verification\n- it works\n### Troubleshooting\nLook.\n### 2. b\n")
    assert numbers(plan) == ["1", "2"]
    assert [check.title for check in plan.checks] == ["it works"]
    assert [section.title for section in plan.others] == ["Troubleshooting"]


def test_steps_with_headings_of_their_own_are_read_without_their_section() -> None:
    plan = read_plan("# T\n\n## Step 1: Stop\n\nWords.\n\n### Note\n\nMore.\n\n## Step 2: Look\n")
    assert [(step.number, step.title) for step in plan.top_steps()] == [("1", "Stop"), ("2", "Look")]
    assert next(plan.top_steps()).body == "Words.\n\n#### Note\n\nMore."


def test_other_names_for_the_steps_are_understood() -> None:
    for title in (
        "Rollback steps",
        "Back-out plan",
        "3. Backout Procedure:",
        "ROLL BACK PROCEDURES",
        "How to roll back",
    ):
        assert numbers(read_plan(f"# T\n\n## {title}\n\n### 1. a\n")) == ["1"], title


def test_steps_of_backing_out_are_found_inside_another_section() -> None:
    plan = read_plan(
        "# Change\n\n## If it goes wrong\n\n### Rollback steps - what to do\n\n- [ ] undo it\n\n### Else\n\nx\n"
    )
    assert [step.title for step in plan.top_steps()] == ["undo it"]
    assert [(section.title, section.body) for section in plan.others] == [("If it goes wrong", "### Else\n\nx")]


def test_steps_of_something_else_are_not_taken_for_those_of_the_backout() -> None:
    plan = read_plan("# Change\n\n## Installation\n\n### Steps\n\n1. install it\n")
    assert plan.parts == ()
