"""What the tests of the verbs share: a room with a database in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from backout_tui.engine.operator import Operator
from tests.engine.desks import Room


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """A folder with a database that nobody has begun yet."""
    found = Room(tmp_path)
    yield found
    found.close()


@pytest.fixture
def op(room: Room) -> Operator:
    """Sam, on a fresh backout of a plan that is done by hand."""
    return room.start()


@pytest.fixture
def decided(room: Room) -> Operator:
    """Sam, on a backout that was decided on."""
    return room.decided()
