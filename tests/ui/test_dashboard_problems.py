"""Problems and the decision, through keys only."""

from __future__ import annotations

from tests import scenes
from tests.ui.doubles import seated


async def test_p_a_title_and_enter_log_a_problem_and_the_next_line_goes_on() -> None:
    async with seated(scenes.fresh()) as seat:
        assert seat.next == "Next: log what is wrongpress p"
        await seat.press("p")
        await seat.type("5xx on charge", "enter")
        assert seat.backout.problems[0].title == "5xx on charge"
        assert seat.said.startswith("P1 is logged as critical")
        assert "decide whether to back out" in seat.next


async def test_a_title_may_be_typed_ahead_at_once() -> None:
    """The keys after p find the field, whether or not it has been painted."""
    async with seated(scenes.fresh()) as seat:
        await seat.pilot.press("p", "5", "x", "x", "enter")
        await seat.rest()
        assert [problem.title for problem in seat.backout.problems] == ["5xx"]


async def test_a_problem_is_logged_from_any_pane() -> None:
    for pane in "1234":
        async with seated(scenes.step_running()) as seat:
            await seat.press(pane, "p")
            await seat.type("lag", "enter")
            assert seat.kinds == ["ProblemLogged"]


async def test_a_blank_title_logs_nothing_and_esc_leaves() -> None:
    async with seated(scenes.fresh()) as seat:
        await seat.press("p", "enter")
        assert "is needed" in seat.text
        assert seat.is_asked()
        await seat.press("escape")
        assert not seat.is_asked()
        assert seat.kinds == []


async def test_enter_on_a_problem_tells_its_story() -> None:
    async with seated(scenes.problem_logged()) as seat:
        await seat.press("1", "enter")
        assert "errors rose from 0.1 % to 4 %" in seat.text
        assert "payments lead" in seat.text
        await seat.press("enter")
        assert "errors rose from 0.1 % to 4 %" not in seat.text


async def test_c_on_a_problem_changes_what_is_known_of_it() -> None:
    async with seated(scenes.problem_logged()) as seat:
        await seat.press("1", "c", "tab", "right", "tab", "left", "tab", "left", "ctrl+s")
        problem = seat.backout.problems[0]
        assert (problem.severity, problem.kind, problem.seen) == ("major", "judged-unfit", "during")
        assert seat.kinds == ["ProblemChanged"]
        assert seat.said == "P1 is changed."


async def test_a_form_that_was_not_touched_changes_nothing() -> None:
    async with seated(scenes.problem_logged()) as seat:
        await seat.press("1", "c", "ctrl+s")
        assert seat.kinds == []
        assert seat.said == "P1 stays as it was."


async def test_a_problem_is_resolved_in_its_form() -> None:
    async with seated(scenes.problem_logged()) as seat:
        await seat.press("1", "c", "shift+tab", "right", "ctrl+s")
        assert seat.kinds == ["ProblemResolved"]
        assert "all resolved" in seat.text


async def test_one_key_attaches_the_output_that_the_dashboard_shows() -> None:
    async with seated(scenes.verifying()) as seat:
        newest = seat.dashboard.kept_output
        assert newest is not None
        await seat.press("1", "c", "ctrl+o")
        assert f"The output of {newest.label} is attached" in seat.text
        await seat.press("ctrl+s")
        assert seat.backout.problems[0].output == newest.sha256


async def test_without_an_output_the_key_says_so() -> None:
    async with seated(scenes.problem_logged()) as seat:
        await seat.press("1", "c", "ctrl+o")
        assert "There is no finished output to attach." in seat.text


async def test_a_problem_is_assigned_from_the_palette_to_a_contact_or_to_anybody() -> None:
    async with seated(scenes.deciding()) as seat:
        await seat.press("1", "down", "ctrl+p")
        await seat.type("assign a problem", "enter")
        await seat.press("down", "enter")
        assert seat.backout.problems[1].assignee == "release manager"


async def test_the_decision_says_who_and_why_and_the_cursor_goes_on_to_the_first_step() -> None:
    async with seated(scenes.problem_logged()) as seat:
        await seat.press("D")
        await seat.type("release manager", "enter")
        await seat.type("errors above 2 percent", "tab", "tab")
        await seat.type("by phone", "ctrl+s")
        decision = seat.backout.decision
        assert decision is not None
        assert (decision.by, decision.kind, decision.named_authoriser) == ("release manager", "back-out", True)
        assert (seat.dashboard.pane, seat.dashboard.situation.on) == ("plan", ("step", "1"))
        assert "do step 1" in seat.next


async def test_anybody_may_have_decided_and_it_is_marked() -> None:
    async with seated(scenes.problem_logged()) as seat:
        await seat.press("D")
        await seat.type("the cat", "enter")
        await seat.type("nobody answers the phone", "tab", "tab")
        await seat.type("it purred", "ctrl+s")
        assert "not the authoriser that the plan names" in seat.said
        assert "not the named authoriser" in seat.text


async def test_without_a_problem_deciding_breaks_the_glass() -> None:
    async with seated(scenes.fresh()) as seat:
        await seat.press("D")
        assert "Break the glass" in seat.text
        await seat.type("sam", "enter")
        await seat.type("all screens are dark", "ctrl+s")
        assert seat.kinds == ["GlassBroken", "MessageWritten", "Decided"]
        assert "glass broken" in seat.text


async def test_who_is_no_contact_is_remarked_where_it_is_typed_and_when_it_is_done() -> None:
    async with seated(scenes.problem_logged()) as seat:
        await seat.press("k")
        await seat.type("relase manger", "tab")
        assert "relase manger is no contact of the plan. Near: release manager." in " ".join(seat.text.split())
        await seat.press("shift+tab", "down")
        assert "│ who" in seat.text
        assert "release manager" in next(one for one in seat.lines if "│ who" in one)
        await seat.press("ctrl+u")
        await seat.type("bob", "ctrl+s")
        assert seat.new_events[-1].data["no_contact"] is True
        assert "bob is no contact of the plan." in seat.said
