"""Reading takes time in proportion to the document, whatever is wrong with it."""

from __future__ import annotations

import time

import pytest

from backout_tui.planfile.reading.reader import read_plan

STEP = """### %d. Roll back
- owner: somebody
- estimate: 5 min

Words, which
go on.

```sh timeout=60
echo "$NAME"
```

Expect: `done`

"""


def seconds(text: str) -> float:
    """The processor time of one reading; not the clock's, since tests share their machine."""
    start = time.process_time()
    read_plan(text)
    return time.process_time() - start


def test_two_thousand_steps_are_read_in_a_moment() -> None:
    assert seconds("# T\n\n## Steps\n\n" + "".join(STEP % number for number in range(1, 2001))) < 4


@pytest.mark.parametrize(
    "text",
    [
        "## Steps\n" + "- do it\n" * 5000,
        "## Steps\n" + "### 1. the same\n" * 5000,
        "## Steps\n" + "### no number\n" * 5000,
        "## Steps\n### 1. x\n" + "".join(f"#### 1.{at} y\n" for at in range(5000)),
        "## Steps\n" + "### 1. x\n```sh\nnever closed\n" * 3000,
        "## Verification\n" + "### no letter\n" * 5000,
        "## Communication\n" + "### the same\n" * 5000,
        "## Contacts\n| name |\n|---|\n" + "| the same |\n" * 5000,
        "# T\n" + "- owner: x\n" * 5000,
        "<!-- never closed\n" * 5000,
        "> " * 20_000,
        "- " * 20_000,
        "[" * 100_000,
        "`" * 100_000,
        "|" * 100_000 + "\n" + "|-" * 50_000,
        "### 1. (" + " (" * 50_000,
    ],
    ids=lambda text: text[:30],
)
def test_nothing_that_is_repeated_makes_it_slow(text: str) -> None:
    assert seconds(text) < 4
