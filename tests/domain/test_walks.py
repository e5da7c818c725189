"""What holds in every log that the gates allow."""

from __future__ import annotations

from hypothesis import given, settings

from backout_tui.domain.backout import fold
from backout_tui.domain.backout.events import Event
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.backout.states import StepStatus
from backout_tui.domain.clock.forecast import ahead, finish, no_way_back_at
from backout_tui.domain.codec import decode, encode
from backout_tui.domain.rules.next_wish import next_wish
from backout_tui.domain.rules.outstanding import left_open
from tests.campaigns.counts import examples
from tests.story import LOG, Story, at
from tests.walks import walks

S = StepStatus
ALLOWED = {
    S.PENDING: {S.RUNNING, S.DONE, S.FAILED, S.SKIPPED, S.WORKED_AROUND, S.NOT_NEEDED},
    S.RUNNING: {S.DONE, S.FAILED, S.IN_DOUBT, S.PENDING},
    S.DONE: set[StepStatus](),
    S.FAILED: {S.RUNNING, S.SKIPPED, S.WORKED_AROUND, S.DONE},
    S.IN_DOUBT: {S.DONE, S.FAILED, S.PENDING},
    S.SKIPPED: {S.PENDING},
    S.WORKED_AROUND: set[StepStatus](),
    S.NOT_NEEDED: {S.PENDING},
}
"""The contract's states of a step, and what may follow each."""


def _one_by_one(story: Story) -> list[tuple[Backout, Event, Backout]]:
    before = Backout(id=3)
    walked = []
    for event in story.events:
        after = fold.apply(before, event)
        walked.append((before, event, after))
        before = after
    return walked


@given(walks())
@settings(max_examples=examples(few=30), deadline=None)
def test_a_step_only_ever_changes_as_the_contract_says(story: Story) -> None:
    for before, event, after in _one_by_one(story):
        for step in after.leaves:
            was = before.steps.get(step.number)
            if was is not None and was.state is not step.state:
                assert step.state in ALLOWED[was.state], f"{event.kind}: {was.state} to {step.state}"


@given(walks())
@settings(max_examples=examples(few=30), deadline=None)
def test_steps_are_never_lost_and_a_group_stands_right_before_its_own(story: Story) -> None:
    for before, event, after in _one_by_one(story):
        assert set(before.steps) <= set(after.steps), event.kind
        for step in after.steps.values():
            if step.parent and step.origin == "plan":
                assert list(after.steps).index(step.parent) < list(after.steps).index(step.number)


@given(walks())
@settings(max_examples=examples(few=30), deadline=None)
def test_every_state_can_be_kept_read_back_and_asked_what_comes_next(story: Story) -> None:
    """A picture of the state is only worth keeping when it is the fold."""
    backout = story.backout
    assert decode(Backout, encode(backout)) == backout
    now = at(story.minute)
    assert next_wish(backout, now).words
    assert left_open(backout) is not None
    assert ahead(backout, now).bad_s >= ahead(backout, now).typical_s >= 0
    finishing = finish(backout, now)
    assert finishing is None or finishing >= now
    assert no_way_back_at(backout) is None or no_way_back_at(backout)


@given(walks(12))
@settings(max_examples=examples(), deadline=None)
def test_a_prefix_and_its_rest_fold_to_the_whole(story: Story) -> None:
    """A second terminal may have read any part of the log before it reads on."""
    whole = story.backout
    for cut in range(len(story.events)):
        first = fold.backout_of(story.events[:cut], log_id=LOG)
        assert fold.fold(first, story.events[cut:]) == whole
