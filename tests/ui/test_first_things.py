"""What is in doubt comes first; a failed step offers its ways; what to do when the backout fails comes by itself."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from backout_tui.domain.backout import fold
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.backout.states import StepStatus
from backout_tui.domain.plan.plan import Fact
from backout_tui.domain.rules.doubt import Life
from backout_tui.domain.values import replace
from backout_tui.engine.verbs import attempt_verbs
from backout_tui.ui.night.actions.contingency_actions import IfItFails
from backout_tui.ui.night.panes.detail_pane import Detail
from backout_tui.ui.night.situation import Item
from backout_tui.ui.widgets.text_view import Line
from tests import night, scenes
from tests.scenes import Scene
from tests.story import KIM, SAM, Story, at
from tests.ui.doubles import Seat, begin_without_a_supervisor, seated

SIZES = [(60, 20), (80, 24), (120, 40)]
PROBE = "kubectl rollout status deploy/payments-api"


@pytest.fixture(autouse=True)
def _no_supervisor(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is run is recorded as begun, and nothing runs."""
    monkeypatch.setattr(attempt_verbs, "begin", begin_without_a_supervisor)


def with_facts(scene: Scene, number: str, **facts: str) -> Scene:
    """The scene as if its plan had said more of a step from the beginning."""
    step = scene.backout.steps[number]
    more = tuple(Fact(key.replace("_", " "), value) for key, value in facts.items())
    steps = {**scene.backout.steps, number: replace(step, facts=(*step.facts, *more))}
    return replace(scene, backout=replace(scene.backout, steps=steps))


def two_doubts() -> Scene:
    """A step and a message are in doubt."""
    story = Story(list(scenes.in_doubt().events))
    story.send("M2", 17, {"ledger team": "in_doubt"})
    return Scene(tuple(story.events), story.backout, at(18))


def state(seat: Seat, number: str) -> StepStatus:
    """What is true of a step."""
    return seat.backout.steps[number].state


def opened(seat: Seat) -> Item | None:
    """What is read."""
    return seat.dashboard.opened


# ── in doubt first ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_the_first_picture_is_what_is_in_doubt(size: tuple[int, int]) -> None:
    scene = scenes.in_doubt()
    intent = scene.backout.steps["4"].attempts[-1].intent
    async with seated(scene, size, outputs={intent: "replica 3 of 3: stopping\n"}) as seat:
        assert opened(seat) == ("step", "4")
        said = " ".join(seat.text.replace("│", " ").split())
        for words in ("IN DOUBT · Step 4", "rollout undo", "03:12:00 UTC on ops-1", "its process is gone"):
            assert words in said
        await seat.pilot.pause(0.2)
        assert "replica 3 of 3: stopping" in seat.text or size == (60, 20)
        await seat.press("escape")
        assert opened(seat) is None
        assert "2 Plan" in seat.text
        assert seat.dashboard.situation.on == ("step", "4")


async def test_where_nothing_is_in_doubt_nothing_comes_first() -> None:
    for scene in (scenes.step_running(), scenes.closed(), scenes.fresh()):
        async with seated(scene) as seat:
            assert opened(seat) is None


async def test_somebody_who_looks_on_sees_it_too_and_says_nothing_of_it() -> None:
    async with seated(scenes.in_doubt(), actor=KIM) as seat:
        assert "IN DOUBT · Step 4" in seat.text
        await seat.press("d")
        assert not seat.is_asked()
        await seat.press("enter")
        assert (seat.is_asked(), opened(seat)) == (False, None)


async def test_whether_the_process_lives_is_said_as_it_is_now() -> None:
    scene = scenes.in_doubt()
    async with seated(scene) as seat:
        intent = scene.backout.steps["4"].attempts[-1].intent
        for life, words in ((Life.LIVES, "still lives"), (Life.UNKNOWN, "is not known"), (Life.GONE, "is gone")):
            seat.operator.living[intent] = life
            await seat.pilot.pause(0.4)
            await seat.rest()
            assert words in seat.text


@pytest.mark.parametrize(("key", "then"), [("d", StepStatus.DONE), ("f", StepStatus.FAILED), ("u", StepStatus.PENDING)])
async def test_one_key_says_what_is_true_and_the_view_goes_away(key: str, then: StepStatus) -> None:
    async with seated(scenes.in_doubt()) as seat:
        await seat.press(key)
        await seat.type("looked on the cluster", "ctrl+s")
        assert seat.kinds == ["StepResolved"]
        assert state(seat, "4") is then
        assert opened(seat) is None


async def test_how_one_knows_has_to_be_said() -> None:
    async with seated(scenes.in_doubt()) as seat:
        await seat.press("d", "ctrl+s")
        assert "is needed" in seat.text
        await seat.press("escape")
        assert seat.kinds == []
        assert opened(seat) == ("step", "4")


async def test_when_it_was_said_of_one_the_next_one_comes() -> None:
    async with seated(two_doubts()) as seat:
        assert opened(seat) == ("step", "4")
        await seat.press("d")
        await seat.type("looked on the cluster", "ctrl+s")
        assert opened(seat) == ("message", "M2")
        assert "Ask them" in seat.text
        await seat.press("enter", "tab", "tab")
        await seat.type("they answered it", "ctrl+s")
        assert opened(seat) is None


async def test_after_esc_nothing_is_opened_again_by_itself() -> None:
    async with seated(two_doubts()) as seat:
        await seat.press("escape")
        seat.operator.tell("NoteAdded", text="somebody wrote something")
        await seat.pilot.pause(0.4)
        await seat.rest()
        assert opened(seat) is None
        await seat.press("enter")
        assert opened(seat) == ("step", "4")


async def test_a_supervisor_that_vanishes_while_one_looks_brings_its_step_up() -> None:
    scene = scenes.step_running()
    intent = scene.backout.steps["4"].attempts[-1].intent
    async with seated(scene) as seat:
        assert opened(seat) is None
        seat.operator.tell("StepInDoubt", step="4", intent=intent, attempt=1, why="gone", still_running=True, pid=4711)
        await seat.pilot.pause(0.4)
        await seat.rest()
        assert opened(seat) == ("step", "4")
        assert "process 4711" in seat.text


async def test_a_check_in_doubt_is_run_again_by_v() -> None:
    story = night.at_step_four()
    story.finish("4", 14)
    began = story.tell("CheckStarted", 15, check="A", attempt=1, command="errors", shell="sh")
    story.tell("CheckInDoubt", 16, check="A", attempt=1, intent=began.event_id, why="gone", still_running=False)
    async with seated(Scene(tuple(story.events), story.backout, at(17))) as seat:
        assert "IN DOUBT · Check A" in seat.text
        assert "check A is in doubt" in seat.next
        await seat.press("v")
        await seat.confirm()
        assert seat.kinds == ["CheckStarted"]
        assert opened(seat) is None


# ── safe to repeat ────────────────────────────────────────────────────────────────────────────────────────────────


async def test_r_runs_again_only_what_is_safe_to_repeat() -> None:
    async with seated(scenes.in_doubt()) as seat:
        await seat.press("r")
        assert "First say what is true" in seat.said
        assert not seat.is_asked()
    async with seated(with_facts(scenes.in_doubt(), "4", safe_to_repeat="")) as seat:
        assert "r runs it again" in seat.text
        await seat.press("r")
        assert "it was begun before" in " ".join(seat.text.split())
        await seat.confirm()
        assert seat.kinds == ["StepStarted"]
        assert [one.state for one in seat.backout.steps["4"].attempts] == ["in_doubt", "running"]


async def test_while_its_process_lives_r_says_why_not() -> None:
    scene = with_facts(scenes.in_doubt(), "4", safe_to_repeat="")
    async with seated(scene) as seat:
        seat.operator.living[scene.backout.steps["4"].attempts[-1].intent] = Life.LIVES
        await seat.pilot.pause(0.4)
        await seat.rest()
        await seat.press("r")
        assert "is still alive" in seat.said
        assert not seat.is_asked()


# ── probes ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_v_runs_the_probe_and_what_it_printed_stands_beside_the_step() -> None:
    async with seated(with_facts(scenes.in_doubt(), "4", probe=PROBE)) as seat:
        assert f"v runs its probe: {PROBE}" in seat.text
        await seat.press("v")
        assert "Run the probe of step 4" in seat.text
        assert PROBE in seat.text
        await seat.confirm()
        assert seat.kinds == ["ProbeStarted"]
        intent = seat.new_events[-1].event_id
        done = {"result": "failed", "exit_code": 1, "why": "exit code 1", "last": "1 of 3 updated"}
        seat.operator.tell("ProbeFinished", step="4", attempt=1, intent=intent, **done)
        await seat.pilot.pause(0.4)
        await seat.rest()
        assert "says no" in seat.text
        assert "1 of 3 updated" in seat.text
        assert state(seat, "4") is StepStatus.IN_DOUBT
        assert opened(seat) == ("step", "4")


async def test_without_a_probe_v_says_so() -> None:
    async with seated(scenes.in_doubt()) as seat:
        await seat.press("v")
        assert "has no probe" in seat.said


async def test_on_a_step_that_is_done_v_is_the_check() -> None:
    """The Next line names a check then; the probe of what is settled is nobody's business."""
    scene = with_facts(scenes.verifying(), "7", probe=PROBE)
    async with seated(scene) as seat:
        await seat.press("2")
        seat.dashboard.point_at(("step", "7"))
        await seat.press("v")
        assert "Ten charges looked at" in seat.text


# ── a step fails ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_a_failed_step_offers_its_ways_in_one_place(size: tuple[int, int]) -> None:
    async with seated(with_facts(scenes.step_failed(), "4", probe=PROBE), size) as seat:
        assert "r run again   w work around   s skip   v probe" in seat.text
        assert "scale the old replica set by hand" in " ".join(seat.text.split())
        await seat.press("v")
        await seat.confirm()
        assert seat.kinds == ["ProbeStarted"]


async def test_past_the_point_of_no_return_the_plans_section_comes_up_once_with_the_people() -> None:
    async with seated(scenes.beyond_return()) as seat:
        assert isinstance(seat.app.screen, IfItFails)
        for words in ("Step 5 failed: exit 3", "no way back", "Stop all writers", "payments lead (development team)"):
            assert words in seat.text
        assert "+44 20 7946 0000, 03:19 GMT, quiet hours" in " ".join(seat.text.split())
        await seat.confirm()
        assert not seat.is_asked()
        seat.operator.tell("NoteAdded", text="somebody wrote something")
        await seat.pilot.pause(0.4)
        await seat.rest()
        assert not seat.is_asked()


@pytest.mark.parametrize(("key", "words"), [("k", "Log a call"), ("m", "Tell people")])
async def test_from_there_one_key_calls_and_one_writes(key: str, words: str) -> None:
    async with seated(scenes.beyond_return()) as seat:
        await seat.pilot.pause(0.2)  # a key that was meant for the screen below does not count
        await seat.press(key)
        assert words in seat.text
        assert not isinstance(seat.app.screen, IfItFails)


async def test_what_comes_by_itself_takes_no_key_from_whoever_types() -> None:
    async with seated(scenes.beyond_return()) as seat:
        assert isinstance(seat.app.screen, IfItFails)
        await seat.type("pledger is empty", "enter")
        assert seat.backout.problems[-1].title == "ledger is empty"
        assert not isinstance(seat.app.screen, IfItFails)


async def test_a_story_of_which_the_end_is_held_is_not_shown_a_second_time_below_itself() -> None:
    async with seated(scenes.step_failed()) as seat:
        view = seat.dashboard.query_one(Detail).view
        view.start_anew()
        view.tell([Line(f"story {number}") for number in range(1, 7)], pinned="end")
        view.append("the output\n")
        await seat.rest()
        shown = [view.line_in_view(y).text for y in range(view.size.height)]
        held = [line.text for line in view.held]
        assert 0 < len(held) < 6
        assert shown[: len(held)] == held
        assert shown[len(held)] == "the output"


async def test_it_comes_when_the_step_fails_and_not_over_a_question() -> None:
    story = night.failed()
    story.tell("StepWorkedAround", 16, step="4", reason="scaled by hand")
    story.start("5", 17)
    async with seated(Scene(tuple(story.events), story.backout, at(18))) as seat:
        await seat.press("n")
        intent = seat.backout.steps["5"].attempts[-1].intent
        failed = {"result": "failed", "exit_code": 3, "why": "exit 3", "duration_ms": 1000}
        seat.operator.tell("StepFinished", step="5", attempt=1, intent=intent, **failed)
        await seat.pilot.pause(0.4)
        assert not isinstance(seat.app.screen, IfItFails)
        await seat.press("escape")
        await seat.pilot.pause(1.3)
        await seat.rest()
        assert isinstance(seat.app.screen, IfItFails)


async def test_it_can_be_seen_any_time_from_the_palette_also_by_who_looks_on() -> None:
    for actor in (SAM, KIM):
        async with seated(scenes.step_failed(), actor=actor) as seat:
            assert not seat.is_asked()
            await seat.press("ctrl+p")
            await seat.type("if it fails", "enter")
            assert "If step 4 fails: scale the old replica set by hand" in seat.text
            assert "Stop all writers" in seat.text


async def test_a_plan_without_the_section_says_so() -> None:
    scene = scenes.beyond_return()
    plan = replace(scene.backout.plan, contingency=None)
    async with seated(replace(scene, backout=replace(scene.backout, plan=plan))) as seat:
        assert "The plan has no section" in seat.text
        assert "release manager" in seat.text


# ── the decision ──────────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_dialog_says_who_may_decide_from_when_and_where_they_are_reached() -> None:
    async with seated(scenes.deciding()) as seat:
        await seat.press("D")
        said = " ".join(" ".join(re.findall(r"│ (.*?) +│", seat.text)).split())
        assert "Back payments-api 4.12.0 out of production? P1 5xx on /charge; P2 ledger lag" in said
        assert "release manager; payments lead from 03:13, waiting since 03:03 (called: voicemail)" in said
        assert "Call release manager: +44 20 7946 0000, 03:06 GMT, quiet hours" in said


async def test_of_somebody_else_it_wants_to_know_how_they_agreed_and_of_oneself_not() -> None:
    async with seated(scenes.problem_logged()) as seat:
        await seat.press("D")
        await seat.type("payments lead", "enter")
        await seat.type("errors above two percent", "ctrl+s")
        assert "agreed how is needed." in seat.text
        await seat.type("by phone", "ctrl+s")
        assert "before their time: this is marked" in seat.said
        assert "decision: by the proxy, 9 min before their time" in seat.text
    async with seated(scenes.problem_logged()) as seat:
        await seat.press("D")
        await seat.type("Sam", "enter")
        await seat.type("errors above two percent", "ctrl+s")
        assert seat.kinds == ["Decided"]


async def test_when_nobody_is_awake_whoever_is_here_decides_by_breaking_the_glass() -> None:
    async with seated(scenes.problem_logged()) as seat:
        await seat.press("ctrl+p")
        await seat.type("break glass", "enter")
        assert "Break the glass: decide" in seat.text
        await seat.press("enter", "ctrl+s")
        assert "why is needed." in seat.text
        await seat.type("orders are lost, and nobody answers", "ctrl+s")
        assert seat.kinds == ["GlassBroken", "MessageWritten", "Decided"]
        decision = seat.backout.decision
        assert decision is not None
        assert (decision.by, decision.break_glass, decision.named_authoriser) == ("sam", True, False)
        assert "glass broken" in seat.text


async def test_after_breaking_the_glass_m_opens_the_message_that_was_prepared() -> None:
    async with seated(scenes.fresh()) as seat:
        await seat.press("D")
        await seat.type("sam", "enter")
        await seat.type("all screens are dark", "ctrl+s")
        assert "m opens it" in seat.said
        await seat.press("m", "enter")
        assert "Break-glass 1: decide to back-out" in seat.text


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_fix_forward_leads_the_screen(size: tuple[int, int]) -> None:
    async with seated(scenes.fixing_forward(), size) as seat:
        assert "▶ FIX FORWARD, decided by payments lead" in seat.text
        assert "assign P2 to who fixes it" in seat.next
        assert "proxy" in seat.text
        await seat.press("2", "r")
        assert not seat.is_asked()
        await seat.press("X", "ctrl+s")
        assert seat.backout.verdict is not None
        assert seat.backout.verdict.outcome == "fixed-forward"


async def test_stand_down_is_a_clear_word_and_x_knows_the_outcome() -> None:
    story = night.with_problems()
    story.tell("Decided", 6, kind="stand-down", by="release manager", reason="it was no fault", named_authoriser=True)
    async with seated(Scene(tuple(story.events), story.backout, at(7))) as seat:
        assert "▶ STAND DOWN, decided by release manager" in seat.text
        await seat.press("X", "ctrl+s")
        assert seat.backout.verdict is not None
        assert seat.backout.verdict.outcome == "stood-down"


@pytest.mark.parametrize("scene", [scenes.in_doubt, two_doubts, scenes.beyond_return, scenes.fixing_forward])
def test_the_scenes_are_what_their_events_say(scene: Callable[[], Scene]) -> None:
    seen = scene()
    assert fold.fold(Backout(seen.backout.id), seen.events) == seen.backout
