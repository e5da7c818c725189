"""A trial of every experiment, so that the campaign begins with ones that work; CI tries each some hundred times."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.campaigns.experiment import Experiment, every_experiment, tried
from tests.engine.bench import FORKS


@FORKS
@pytest.mark.parametrize("experiment", every_experiment(), ids=lambda one: one.name)
def test_no_promise_is_broken(experiment: Experiment, tmp_path: Path) -> None:
    if (why := experiment.why_not()) is not None:
        pytest.skip(why)
    assert tried(experiment, 1, tmp_path / "1") is None
