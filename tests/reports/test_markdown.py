"""The report of the next day."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from markdown_it import MarkdownIt

from backout_tui.domain.text import clean
from backout_tui.reports.markdown import report
from backout_tui.reports.pen import Pen
from tests import night, scenes
from tests.campaigns.counts import examples
from tests.scenes import SCENES, Scene
from tests.story import Story, at
from tests.walks import walks

RENDERER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def written(scene: Scene) -> str:
    """The report of a scene."""
    return report(scene.backout, scene.events)


def section(text: str, title: str) -> str:
    """What stands under one heading."""
    return text.split(f"## {title}\n")[1].split("\n## ")[0]


def headings(text: str) -> list[str]:
    """The headings, in order, as a renderer sees them."""
    tokens = RENDERER.parse(text)
    return [tokens[index + 1].content for index, token in enumerate(tokens) if token.type == "heading_open"]


def test_it_says_everything_that_the_lead_asks_in_this_order() -> None:
    assert headings(written(scenes.closed())) == [
        "Backout report: payments-api 4.12.0 → 4.11.3",
        "Summary",
        "Problems",
        "Decision",
        "As planned, as run",
        "Deviations from the plan",
        "Verification",
        "Communication",
        "Left open",
        "Thin reasons",
        "The log",
        "How to check this record",
    ]


def test_the_summary_has_the_result_the_times_and_the_head() -> None:
    summary = section(written(scenes.closed()), "Summary")
    for said in (
        "- Release: payments-api 4.12.0, back to 4.11.3",
        "- Result: **backed-out**, said by sam",
        "- Opened: 2026-11-22 03:00:00 UTC by sam (login sam on ops-1)",
        "- Closed: 2026-11-22 04:05:00 UTC by sam, 1 h 5 min in all",
        "- Plan: plan 7, revision 2, approved",
        "5 deviations from the plan",
        "2 of 2 required checks passed",
        f"head `{scenes.closed().backout.head}`",
    ):
        assert said in summary


def test_broken_glass_stands_first_and_what_was_not_approved_is_said() -> None:
    text = written(scenes.glass_broken())
    assert headings(text)[1] == "Break-glass"
    assert "orders are lost every second" in section(text, "Break-glass")
    assert "**not approved**" in text
    assert "**not the named authoriser**" in section(text, "Decision")


def test_a_plan_that_names_no_authoriser_has_nobody_bypassed() -> None:
    assert "the plan names no authoriser" in section(written(scenes.empty_plan()), "Decision")


def test_a_rehearsal_says_so_under_its_heading() -> None:
    assert "**This was a rehearsal: nothing was run, nothing was sent.**" in written(scenes.rehearsal()).split("## ")[0]


def test_what_was_planned_stands_beside_what_was_run() -> None:
    steps = section(written(scenes.closed()), "As planned, as run")
    assert "| 2 | Drain the workers | 3 min |" in steps
    assert "| skipped |" in steps
    assert "| 4 | Roll the deployment back *(changed)* | 5 min to 8 min | 4 min |" in steps
    assert "*added:* Rebuild the ledger index" in steps
    assert "| 4 | 1 | 2026-11-22 03:12:00 | 2 min 30 s | failed | 1 | exit 1 |" in steps


def test_a_step_whose_title_was_changed_stands_under_its_planned_one() -> None:
    story = night.decided()
    story.tell("StepChanged", 9, step="3", title="Leave the batch jobs", reason="they are idle")
    assert "| 3 | Stop the batch jobs *(changed)* |" in report(story.backout, story.events)


def test_deviations_have_reasons_and_changed_commands_stand_beside_the_plans() -> None:
    text = section(written(scenes.closed()), "Deviations from the plan")
    assert "| 4 | changed (command) | undo alone went to a broken revision |   |   | sam |" in text
    before = '- kubectl -n "$NAMESPACE" rollout undo deployment/payments-api\n'
    assert text.index(before) < text.index(
        "+ kubectl -n payments rollout undo deployment/payments-api --to-revision=41"
    )


def test_a_deviation_says_who_agreed_which_problem_it_is_for_and_what_was_said_first() -> None:
    story = night.with_problems()
    story.tell("Decided", 7, kind="back-out", by="release manager", reason="errors above 2 %", named_authoriser=True)
    skipped = story.tell("StepSkipped", 8, step="2", reason="drained", agreed="payments lead", problem="P2")
    story.tell("ReasonCompleted", 90, event=skipped.seq, reason="the workers were drained at 02:50")
    text = section(written(Scene(tuple(story.events), story.backout, at(91))), "Deviations from the plan")
    assert "| 2 | skipped | the workers were drained at 02:50 (first: drained) | payments lead | P2 | sam |" in text


def test_what_was_left_open_and_what_was_said_too_shortly_is_listed() -> None:
    text = written(scenes.closed())
    assert "- P2 is assigned to nobody" in section(text, "Left open")
    assert "- event 11: skipped step 2: already drained" in section(text, "Thin reasons")
    assert "Thin reasons" not in headings(written(scenes.fresh()))


def test_every_event_is_in_the_log_and_the_anchor_is_the_head() -> None:
    scene = scenes.closed()
    text = written(scene)
    rows = [line for line in section(text, "The log").split("\n") if line.startswith("| ")]
    assert len(rows) == len(scene.events) + 1
    assert f"backout-tui verify 3 --anchor {scene.backout.head}" in text


# ── people ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_people_are_named_and_neither_address_nor_number_is_printed() -> None:
    """Also where somebody typed one into a note, or a mail server said it back."""
    story = night.told()
    typed = "rang +44 20 7946 0000 and +442079460000, then wrote to Release-Manager@example.org"
    story.tell("CallLogged", 44, call="C4", name="release manager", result="reached", note=typed)
    bounced = "550 5.1.1 <x.y@mail.example.net>: no such user"
    told = [{"name": "payments lead", "address": "x.y@mail.example.net", "state": "failed", "detail": bounced}]
    begun = story.tell(
        "MessageSending", 45, message="M4", recipients=told, subject="s", text="mail rm: x.y@mail.example.net"
    )
    story.tell("MessageFinished", 46, message="M4", intent=begun.event_id, result="failed", recipients=told)
    text = report(story.backout, story.events)
    for private in ("7946", "20794", "manager@example", "x.y@", "mail.example.net", "payments-lead@"):
        assert private not in text
    assert "(address of release manager)" in text
    assert "550 5.1.1" in text


def test_a_number_that_only_looks_alike_is_left_alone() -> None:
    pen = Pen.of(scenes.fresh().backout)
    assert pen.masked("revision 41 of 4.12.0, 0000 charges") == "revision 41 of 4.12.0, 0000 charges"


def test_who_was_told_and_when_is_a_table_of_names() -> None:
    text = section(written(scenes.closed()), "Communication")
    assert "| M2 | payments lead | failed | 2026-11-22 03:41:06 | 550 no such user |" in text
    assert "| 2026-11-22 03:07:00 | release manager | reached | sam | agrees, go ahead |" in text


# ── text from outside ─────────────────────────────────────────────────────────────────────────────────────────────


def test_the_worst_texts_stay_in_their_cells() -> None:
    scene = scenes.hostile()
    text = written(scene)
    assert text == clean(text)
    html = RENDERER.render(text)
    for acting in ("<script", "<a ", "<em>b", "<del>", "<img"):
        assert acting not in html
    plain = [heading for heading in headings(text) if heading != "Break-glass"]
    assert plain[1:] == [heading for heading in headings(written(scenes.deciding())) if heading != "Break-glass"][1:]


@pytest.mark.parametrize("scene", SCENES.values(), ids=SCENES)
def test_every_table_of_every_scene_has_as_many_cells_in_each_row(scene: Callable[[], Scene]) -> None:
    tokens = RENDERER.parse(written(scene()))
    rows: list[int] = []
    for token in tokens:
        if token.type == "table_open":
            rows = []
        elif token.type == "tr_open":
            rows.append(0)
        elif token.type in ("th_open", "td_open"):
            rows[-1] += 1
        elif token.type == "table_close":
            assert len(set(rows)) == 1


@given(walks(15))
@settings(max_examples=examples(few=15), deadline=None)
def test_every_state_that_the_gates_allow_can_be_reported(story: Story) -> None:
    assert report(story.backout, story.events).endswith("or a message.\n")
