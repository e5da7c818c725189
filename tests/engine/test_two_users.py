"""Two real users on one shared database: the one who owns the spool changes nothing of what the other's step does."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.bench import FORKS
from tests.two_users import WAYS, Night, why_not
from tests.users import open_folder

pytestmark = FORKS


@pytest.fixture
def place() -> Iterator[Path]:
    if (why := why_not()) is not None:
        pytest.skip(why)
    with open_folder() as folder:
        yield folder


@pytest.mark.parametrize("way", WAYS)
def test_what_is_put_in_its_place_between_two_tries_is_neither_run_nor_believed(place: Path, way: str) -> None:
    assert Night(place, random.Random(way)).attacked_between_tries(way) == []


@pytest.mark.parametrize("stop", [True, False], ids=["stopped", "true in the end"])
@pytest.mark.parametrize("way", WAYS)
def test_a_step_runs_what_was_claimed_and_can_be_stopped_whatever_stands_at_its_name(
    place: Path, way: str, stop: bool
) -> None:
    assert Night(place, random.Random(way)).attacked((way,), for_s=1.5, stop=stop) == []
