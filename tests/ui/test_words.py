"""The lines at the top, and the story of each thing: pure words, in every situation, at every width."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from rich.cells import cell_len

from backout_tui.domain.refusal import Refusal
from backout_tui.domain.rules.gates import why_not_act
from backout_tui.domain.text import clean_line
from backout_tui.ui.night.panes import head_words
from backout_tui.ui.night.panes.stories import story_of
from tests import night, scenes
from tests.campaigns.counts import examples
from tests.scenes import SCENES, Scene
from tests.story import Story, at
from tests.walks import walks

LONDON = ZoneInfo("Europe/London")


def no_controls(scene: Scene) -> Refusal | None:
    """Why sam may not act in this scene."""
    return why_not_act(scene.backout, "sam", holder_lives=True)


def title(scene: Scene, width: int = 200) -> str:
    """The first line."""
    words = head_words.joined(head_words.title(scene.backout, "sam", no_controls(scene)), width)
    return "".join(word.text for word in words)


def phases(scene: Scene, width: int = 200) -> str:
    """The line of phases."""
    return "".join(word.text for word in head_words.joined(head_words.phases(scene.backout), width, "  "))


def times(scene: Scene, width: int = 200, zone: ZoneInfo = LONDON) -> str:
    """The line of the clock."""
    parts = head_words.time_line(scene.backout, scene.now.astimezone(zone))
    return "".join(word.text for word in head_words.joined(parts, width))


def moved(story: Story, minute: float) -> Scene:
    """A story looked at some minutes after three."""
    return Scene(tuple(story.events), story.backout, at(minute))


# ── the first line ────────────────────────────────────────────────────────────────────────────────────────────────


def test_it_says_what_is_backed_out_where_and_who_has_the_controls() -> None:
    assert title(scenes.fresh()) == "payments-api 4.12.0 → 4.11.3 · production · LIVE · the controls are free"
    assert "kim has the controls" in title(scenes.observer())


@pytest.mark.parametrize("width", [200, 78, 58, 40])
def test_a_rehearsal_is_unmistakable_at_every_width(width: int) -> None:
    assert "REHEARSAL" in title(scenes.rehearsal(), width)
    assert "LIVE" not in title(scenes.rehearsal(), width)


def marks(scene: Scene, width: int) -> str:
    """The line of marks; "" when there is none."""
    return "".join(word.text for word in head_words.joined(head_words.marks(scene.backout), width))


@pytest.mark.parametrize("width", [118, 78, 58])
def test_the_marks_of_a_backout_that_went_around_a_gate_are_said_at_every_width(width: int) -> None:
    said = marks(scenes.glass_broken(), width)
    for mark in ("not approved", "authoriser", "glass broken"):
        assert mark in said
    assert cell_len(said) <= width
    assert marks(scenes.step_running(), width) == ""


def test_a_closed_backout_is_read_only() -> None:
    assert "read only" in title(scenes.closed())


def test_the_hour_is_the_operators_with_its_zone_and_utc_beside_it() -> None:
    summer = datetime(2026, 6, 22, 3, 12, tzinfo=UTC)
    assert head_words.hours(summer.astimezone(LONDON)) == ("04:12 BST", "03:12 UTC")
    assert head_words.hours(summer)[0] == "03:12 UTC"


# ── the phases ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("scene", "said"),
    [
        (scenes.fresh, "▶ Identify"),
        (scenes.deciding, "Identify ✔  ▶ Decide"),
        (scenes.step_running, "Identify ✔  Decide ✔  ▶ Back out 3/10"),
        (scenes.verifying, "Identify ✔  Decide ✔  Back out 11/11 ✔  ▶ Verify 1/3"),
        (scenes.closed, "Closed  backed-out"),
    ],
)
def test_the_phase_of_now_is_marked_and_those_behind_are_ticked(scene: Callable[[], Scene], said: str) -> None:
    assert phases(scene()).startswith(said)


def test_how_many_people_were_told_is_counted() -> None:
    assert "Communicate 1/4" in phases(scenes.told())


# ── the clock ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_time_ahead_the_window_and_the_point_of_no_return() -> None:
    assert times(scenes.calm()) == (
        "Done by 03:24 if we go now, 03:27 at worst · window closes 03:50 · 25 min spare · no way back after step 5"
    )


def test_while_nobody_has_decided_the_latest_moment_to_do_so_is_said() -> None:
    assert "decide before 03:25" in times(scenes.deciding())
    assert "decide" not in times(scenes.step_running())
    assert "decide now: 5 min past the latest moment" in times(moved(night.with_problems(), 30))


def test_it_says_what_it_does_not_know() -> None:
    assert times(scenes.step_running()).startswith("At least until 03:26 if we go now · 1 step without estimate")
    assert times(scenes.empty_plan()) == "nothing says how long it takes · 1 step without estimate"
    assert "window 2h after deploy: when was it deployed?" in times(scenes.time_unknown())


def test_hours_are_the_operators() -> None:
    assert "until 22:26" in times(scenes.step_running(), zone=ZoneInfo("America/New_York"))


@pytest.mark.parametrize(
    ("minute", "said"), [(40, "too late by"), (60, "window closed at 03:50, 10 min ago"), (12, "min spare")]
)
def test_a_window_that_will_be_missed_or_was_is_said(minute: float, said: str) -> None:
    assert said in times(moved(night.at_step_four(), minute))


def test_a_point_of_no_return_that_was_passed_is_said() -> None:
    assert times(scenes.no_way_back()).endswith("NO WAY BACK: step 5 was begun")


MOODS = [
    (scenes.calm, "Done by 03:24-03:27", "25 min spare", "good"),
    (scenes.tight, "Done by 03:48-03:51", "1 min spare, tight", "warning"),
    (scenes.late, "Done by 04:01-04:04", "11 min too late", "bad"),
    (scenes.time_unknown, "At least until 03:22", "deployed when?", "warning"),
    (scenes.no_way_back, "Done by 03:28", "NO WAY BACK (5)", "loud"),
]


@pytest.mark.parametrize(("scene", "end", "word", "tone"), MOODS, ids=lambda value: getattr(value, "__name__", ""))
def test_each_mood_has_its_words_and_its_tone_where_there_is_least_room(
    scene: Callable[[], Scene], end: str, word: str, tone: str
) -> None:
    seen = scene()
    said = head_words.joined(head_words.time_line(seen.backout, seen.now), 54)
    tones = {one.text: one.tone for one in said}
    assert said[0].text == end
    assert tones[word] == tone


# ── what holds everywhere ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("scene", SCENES.values(), ids=SCENES)
def test_every_line_is_inert_and_of_a_normal_release_fits(scene: Callable[[], Scene]) -> None:
    seen = scene()
    for width in (58, 78, 118):
        for line in (title(seen, width), phases(seen, width), times(seen, width)):
            assert line == clean_line(line)
            assert cell_len(line) <= width or scene is scenes.hostile


@given(walks())
@settings(max_examples=examples(), deadline=None)
def test_every_state_that_the_gates_allow_can_be_said(story: Story) -> None:
    seen = moved(story, story.minute)
    assert title(seen)
    assert phases(seen)
    assert times(seen) is not None


# ── stories ───────────────────────────────────────────────────────────────────────────────────────────────────────


def story(scene: Scene, kind: str, name: str) -> str:
    """Everything that Enter shows of one thing."""
    heading, lines = story_of(scene.backout, (kind, name), scene.now.astimezone(LONDON))
    return "\n".join((heading, *(line.text for line in lines)))


@pytest.mark.parametrize(
    ("scene", "kind", "name", "pieces"),
    [
        (
            scenes.deciding,
            "problem",
            "P1",
            ("5xx on /charge", "critical", "payments lead", "within a minute of the deploy"),
        ),
        (scenes.deciding, "problem", "P2", ("judged unfit", "during", "nobody yet")),
        (
            scenes.step_failed,
            "step",
            "4",
            ("rollout undo", "expects `successfully", "5 min, 8 min at worst", "exit 1", "NOT met", "by hand"),
        ),
        (
            scenes.verifying,
            "step",
            "4",
            ("--to-revision=41", "changed in this backout", "Run 1", "Run 2", "after 4:00"),
        ),
        (scenes.fresh, "step", "5", ("no way back", "charges since the deploy", "charges since 01:50", "required")),
        (scenes.fresh, "step", "1", ("Set the freeze in the deploy channel", "deployment engineer", "2 min")),
        (scenes.verifying, "check", "A", ("errors --below 0.2", "expects `below`", "fail", "pass", "required")),
        (scenes.closed, "check", "B", ("The amounts agree", "ten of ten agree", "sam")),
        (scenes.fresh, "message", "M1", ("stakeholders", "{release}", "decision")),
        (
            scenes.told,
            "message",
            "M2",
            ("payments lead", "550 no such user", "in doubt", "the connection was lost", "Log head"),
        ),
        (scenes.told, "call", "C3", ("ledger team", "no-answer", "04:00")),
    ],
)
def test_enter_shows_the_whole_story_of_a_thing(
    scene: Callable[[], Scene], kind: str, name: str, pieces: tuple[str, ...]
) -> None:
    shown = story(scene(), kind, name)
    for piece in pieces:
        assert piece in shown


def test_what_is_gone_is_said_to_be_gone() -> None:
    for kind in ("problem", "step", "check", "message", "call"):
        assert "not there" in story(scenes.fresh(), kind, "X9")


@pytest.mark.parametrize("scene", SCENES.values(), ids=SCENES)
def test_everything_in_every_scene_has_a_story(scene: Callable[[], Scene]) -> None:
    seen = scene()
    backout = seen.backout
    items = [("problem", one.id) for one in backout.problems]
    items += [("step", number) for number in backout.steps]
    items += [("check", letter) for letter in backout.checks]
    items += [("message", name) for name in backout.messages]
    items += [("call", call.id) for call in backout.calls]
    for kind, name in items:
        assert "not there" not in story(seen, kind, name)
