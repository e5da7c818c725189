"""A command's output on the screen."""

from __future__ import annotations

import asyncio
import time
import tracemalloc
from collections.abc import Callable

from textual.pilot import Pilot

from backout_tui.ui.app import BackoutApp
from backout_tui.ui.dialogs.confirm import Section, as_lines
from backout_tui.ui.widgets.output_view import FLUSH_S, LONGEST, MOST, OutputView
from backout_tui.ui.widgets.text_view import Line, folded
from tests.ui.stage import HOSTILE, Stage


def seen(view: OutputView) -> list[str]:
    """The lines in view."""
    return [view.render_line(y).text.rstrip() for y in range(view.scrollable_content_region.height)]


async def flushed(pilot: Pilot[int]) -> None:
    """Wait for the next batch, on a busy machine too."""
    output = pilot.app.screen.query_one(OutputView)
    await becomes(pilot, lambda: not output._due)
    await pilot.pause()


async def becomes(pilot: Pilot[int], true: Callable[[], bool]) -> None:
    """Wait until something is true of the screen; a minute at the most, and whoever asks looks for themselves."""
    for _ in range(1_200):
        await pilot.pause(FLUSH_S)
        if true():
            return


def stage_app() -> tuple[Stage, BackoutApp]:
    """A stage whose output is five lines high."""
    stage = Stage()
    return stage, BackoutApp(stage)


async def test_what_is_appended_appears_and_a_line_may_come_in_pieces() -> None:
    """The end of the text stays in view."""
    stage, app = stage_app()
    stage.output.append("before the screen\n")
    async with app.run_test() as pilot:
        stage.output.append("one\ntw")
        await flushed(pilot)
        assert seen(stage.output)[:3] == ["before the screen", "one", "tw"]
        stage.output.append("o\nthree\nfour\nfive")
        await flushed(pilot)
        assert seen(stage.output) == ["one", "two", "three", "four", "five"]


async def test_it_follows_the_end_unless_scrolled_up() -> None:
    """And again once the end is back in view."""
    stage, app = stage_app()
    async with app.run_test() as pilot:
        stage.output.append("".join(f"{n}\n" for n in range(50)))
        await flushed(pilot)
        stage.output.focus()
        await pilot.press("pageup")
        before = seen(stage.output)
        stage.output.append("50\n51\n")
        await flushed(pilot)
        assert seen(stage.output) == before
        await pilot.press("end")
        stage.output.append("52\n")
        await flushed(pilot)
        assert seen(stage.output)[-1] == "52"


async def test_only_the_last_lines_are_kept_and_it_says_so() -> None:
    """What is in view stays in view while it is kept."""
    stage, app = stage_app()
    stage.output.max_lines = 100
    async with app.run_test() as pilot:
        stage.output.append("".join(f"{n}\n" for n in range(1_000)))
        await flushed(pilot)
        stage.output.focus()
        await pilot.press("home")
        assert seen(stage.output)[:2] == ["…900 earlier lines not shown…", "900"]
        await pilot.press("pagedown", "pagedown")
        before = seen(stage.output)
        stage.output.append("1000\n1001\n")
        await flushed(pilot)
        assert seen(stage.output) == before
        assert stage.output.line_count() == 101


async def test_the_tail_stands_after_the_head_and_is_replaced() -> None:
    """With the bytes that are missing between them."""
    stage, app = stage_app()
    async with app.run_test() as pilot:
        stage.output.append("head\ncut he")
        stage.output.show_tail(1_234, "…re\nlast\n")
        await flushed(pilot)
        assert seen(stage.output) == ["head", "cut he", "…1,234 bytes not shown…", "…re", "last"]
        stage.output.show_tail(5_000, "newer\n")
        await flushed(pilot)
        assert seen(stage.output)[:4] == ["head", "cut he", "…5,000 bytes not shown…", "newer"]
        stage.output.clear()
        await pilot.pause()
        assert seen(stage.output) == [""] * 5


async def test_long_lines_are_folded_to_the_width_there_is() -> None:
    """Also after the terminal changed, and a line without end is broken."""
    stage, app = stage_app()
    async with app.run_test(size=(40, 20)) as pilot:
        stage.output.append("word " * 12 + "\n")
        await flushed(pilot)
        assert seen(stage.output)[:2] == ["word word word word word word word word", "word word word word"]
        await pilot.resize_terminal(80, 20)
        await becomes(pilot, lambda: seen(stage.output)[0].endswith("word " * 9 + "word"))
        assert seen(stage.output)[0] == "word " * 11 + "word"
        stage.output.append("x" * (LONGEST * 3 + 5))
        await flushed(pilot)
        assert seen(stage.output)[-1].startswith("x")


async def test_hostile_output_is_shown_not_obeyed() -> None:
    """Every control is visible."""
    stage, app = stage_app()
    async with app.run_test() as pilot:
        stage.output.append(HOSTILE + "\n")
        await flushed(pilot)
        assert "\x1b" not in "".join(seen(stage.output))
        assert seen(stage.output)[0].startswith("␛]52;c;")


async def test_a_hundred_thousand_lines_do_not_hold_up_the_loop() -> None:
    """Neither line by line nor all at once; and what is kept is bounded."""
    stage, app = stage_app()
    async with app.run_test(size=(80, 24)) as pilot:
        gaps: list[float] = []

        async def tick() -> None:
            while True:
                before = time.thread_time()  # what the loop computes meanwhile: a busy machine says the same
                await asyncio.sleep(0.005)
                gaps.append(time.thread_time() - before)

        ticking = asyncio.create_task(tick())
        for start in range(0, 100_000, 1_000):
            for number in range(start, start + 1_000):
                stage.output.append(f"line {number} of what a talkative command says in the night\n")
            await asyncio.sleep(0.002)
        stage.output.append("".join(f"line {number} and once more\n" for number in range(100_000)))
        await flushed(pilot)
        await flushed(pilot)
        ticking.cancel()
        assert seen(stage.output)[-1] == "line 99999 and once more"
        assert max(gaps) < 3  # lines written one by one take 7-20 s; the aim of 0.1 s is the benchmarks' to measure


async def test_what_is_kept_is_bounded_whatever_the_lines_are() -> None:
    """Lines of megabytes too."""
    stage, app = stage_app()
    async with app.run_test() as pilot:
        tracemalloc.start()
        for _ in range(6):
            stage.output.append("y" * 1_000_000 + "\n")
            await flushed(pilot)
        kept, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert kept < 8 * MOST


def test_a_folded_line_keeps_its_indent() -> None:
    """So that what belongs together is seen to."""
    assert [line.text for line in folded([Line("  aaa bbb ccc")], 8)] == ["  aaa ", "  bbb ", "  ccc"]


def test_sections_become_lines_with_an_empty_one_between() -> None:
    """Their text indented below the heading."""
    lines = as_lines([Section("On", ("app-1",)), Section("", ("a\nb",), "strong")])
    assert [line.text for line in lines] == ["On", "  app-1", "", "a", "b"]
