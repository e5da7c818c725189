"""How long whoever changes something waits for the tests."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from tests.benchmarks.figures import Figure
from tests.benchmarks.lab import Lab


def suite(lab: Lab) -> list[Figure]:
    """Every test, on two cores; of a small run only that they can be collected."""
    only = ["--collect-only"] if lab.sizes.runs == 1 else []
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", *only]
    begun = time.perf_counter()
    subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, check=True)
    return [Figure("every test", (time.perf_counter() - begun) / 60, "min", 5.0)]
