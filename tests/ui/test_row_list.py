"""The list: its columns as a rule, its cursor, and what it costs on the line."""

from __future__ import annotations

import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.message import Message
from textual.strip import Strip

from backout_tui.domain.text import clean_line
from backout_tui.ui.app import BackoutApp
from backout_tui.ui.widgets.columns import Cell, Column, Row, cells_of, column_widths, matching
from backout_tui.ui.widgets.lines import fit, fold
from backout_tui.ui.widgets.row_list import RowList
from tests.pty_screen import PtyScreen
from tests.ui.stage import COLUMNS, ROOT, Stage, stage_rows

texts = st.text(alphabet=st.characters(codec="utf-8"), max_size=60) | st.text("ab 漢字é\t\x1b", max_size=60)
columns_drawn = st.lists(st.builds(Column, st.integers(0, 12), drop=st.integers(0, 3)), min_size=1, max_size=6)


class Watched(Stage):
    """Keeps what the list reports."""

    def __init__(self, count: int) -> None:
        """Begin with `count` rows."""
        super().__init__(stage_rows(count))
        self.heard: list[Message] = []

    def on_row_list_row_highlighted(self, message: RowList.RowHighlighted) -> None:
        self.heard.append(message)

    def on_row_list_row_chosen(self, message: RowList.RowChosen) -> None:
        self.heard.append(message)


@given(columns_drawn, st.integers(0, 120))
def test_columns_never_take_more_than_there_is(columns: list[Column], total: int) -> None:
    """With a space between each two that are shown."""
    widths = column_widths(columns, total)
    shown = [width for width in widths if width]
    assert all(width >= 0 for width in widths)
    assert sum(shown) + max(0, len(shown) - 1) <= total


@given(columns_drawn, st.integers(1, 120))
def test_the_flexible_column_is_always_there(columns: list[Column], total: int) -> None:
    """However narrow the list is."""
    flexible = next((i for i, column in enumerate(columns) if column.width == 0 and not column.drop), None)
    first = next((i for i, column in enumerate(columns) if column.width == 0), None)
    if flexible is not None and flexible == first:
        assert column_widths(columns, total)[flexible] >= 1


def test_the_least_needed_column_goes_first() -> None:
    """And all are there when there is room."""
    columns = (Column(1), Column(4, drop=2), Column(), Column(5, drop=1))
    assert column_widths(columns, 80) == (1, 4, 67, 5)
    assert column_widths(columns, 22) == (1, 0, 14, 5)
    assert column_widths(columns, 20) == (1, 0, 12, 5)
    assert column_widths(columns, 19) == (1, 0, 17, 0)
    assert column_widths(columns, 5) == (1, 0, 3, 0)


@given(st.lists(texts, min_size=4, max_size=4), st.integers(10, 100), st.integers(1, 3))
def test_a_row_fills_its_widths_exactly(words: list[str], total: int, span: int) -> None:
    """Wide characters, controls and cells that cover several columns included."""
    row = Row("k", (words[0], Cell(words[1], span=span), *words[2 : 5 - span]))
    widths = column_widths(COLUMNS, total)
    pieces = list(cells_of(row, COLUMNS, widths))
    shown = [width for width in widths if width]
    assert sum(cell_len(text) for text, _ in pieces) == sum(shown) + len(shown) - 1


@given(texts, st.integers(0, 40))
def test_what_is_cut_says_so(text: str, width: int) -> None:
    """Exactly as wide as asked, and `…` where something is missing."""
    line = fit(text, width)
    assert cell_len(line) == width
    if cell_len(clean_line(text)) > width > 0:
        assert line.endswith("…")


@given(texts, st.integers(2, 40))
def test_what_is_folded_is_all_there(text: str, width: int) -> None:
    """No part wider than asked, and together they are the text."""
    parts = fold(text, width)
    assert "".join(parts) == clean_line(text.expandtabs(8) if "\t" in text else text)
    assert all(cell_len(part) <= width for part in parts)


def test_the_filter_finds_text_in_any_cell_whatever_its_case() -> None:
    """Plain cells and toned ones alike."""
    rows = [Row("a", ("1", Cell("Drain Workers"))), Row("b", ("2", "roll back"))]
    assert [row.key for row in matching(rows, "WORK")] == ["a"]
    assert [row.key for row in matching(rows, "2")] == ["b"]


async def test_the_cursor_stays_on_its_key_when_rows_come_and_go() -> None:
    """And goes to its neighbour when its own row is gone."""
    stage = Watched(10)
    async with BackoutApp(stage).run_test() as pilot:
        await pilot.press("down", "down", "down")
        rows = stage_rows(10)
        stage.list.show([Row("new", ("", "", "new")), *rows])
        assert stage.list.cursor_key == "k3"
        stage.list.show(rows[2:])
        assert (stage.list.cursor_key, stage.list.cursor) == ("k3", 1)
        stage.list.show([row for row in rows[2:] if row.key != "k3"])
        assert stage.list.cursor_key == "k4"
        stage.list.show([])
        await pilot.pause()
        last = stage.heard[-1]
        assert isinstance(last, RowList.RowHighlighted)
        assert last.key is None


async def test_the_cursor_keeps_its_line_when_rows_come_above() -> None:
    """What one reads does not jump."""
    stage = Watched(100)
    async with BackoutApp(stage).run_test(size=(60, 20)) as pilot:
        await pilot.press("end")
        await pilot.pause()
        line = stage.list.cursor - stage.list.scroll_offset.y
        stage.list.show(
            [*stage_rows(100)[:1], *(Row(f"n{i}", ("", "", "new")) for i in range(50)), *stage_rows(100)[1:]]
        )
        await pilot.pause()
        assert stage.list.cursor_key == "k99"
        assert stage.list.cursor - stage.list.scroll_offset.y == line


async def test_keys_move_the_cursor_and_it_stays_in_view() -> None:
    """Lines, pages, both ends, and never beyond them."""
    stage = Watched(100)
    async with BackoutApp(stage).run_test(size=(60, 20)) as pilot:
        height = stage.list.scrollable_content_region.height
        for key, expected in [
            ("j", 1),
            ("k", 0),
            ("up", 0),
            ("G", 99),
            ("down", 99),
            ("g", 0),
            ("pagedown", height - 1),
        ]:
            await pilot.press(key)
            await pilot.pause()
            assert stage.list.cursor == expected
            assert 0 <= stage.list.cursor - stage.list.scroll_offset.y < height


async def test_enter_and_a_double_click_choose() -> None:
    """A single click only moves the cursor."""
    stage = Watched(5)
    async with BackoutApp(stage).run_test() as pilot:
        await pilot.press("down", "enter")
        await pilot.click(RowList, offset=(5, 4))
        assert stage.list.cursor == 3
        await pilot.click(RowList, offset=(5, 3), times=2)
        await pilot.pause()
        assert [m.key for m in stage.heard if isinstance(m, RowList.RowChosen)] == ["k1", "k2"]


async def test_only_lines_that_changed_are_painted(monkeypatch: pytest.MonkeyPatch) -> None:
    """One row of a hundred changes: one line."""
    painted: list[int] = []
    original = RowList.render_line

    def watched(self: RowList, y: int) -> Strip:
        painted.append(y)
        return original(self, y)

    stage = Watched(100)
    async with BackoutApp(stage).run_test() as pilot:
        await pilot.pause()
        monkeypatch.setattr(RowList, "render_line", watched)
        rows = stage_rows(100)
        rows[4] = Row("k4", ("x", "4", "changed"))
        rows[90] = Row("k90", ("x", "90", "out of view"))
        stage.list.show(rows)
        await pilot.pause()
        assert painted == [4]
        painted.clear()
        await pilot.press("down")
        await pilot.pause()
        assert sorted(painted) == [0, 1]


async def test_markup_and_controls_in_rows_are_shown_as_they_are() -> None:
    """Nothing in a cell is read as anything but text."""
    stage = Stage([Row("a", ("[/x]", "\x1b[31m", "[b]bold[/b] [@click=app.quit]x[/]"))])
    async with BackoutApp(stage).run_test() as pilot:
        await pilot.pause()
        line = stage.list.render_line(0).text
        assert "[b]bold[/b] [@click=app.quit]x[/]" in line
        assert "\x1b" not in line


async def test_an_empty_list_says_what_to_do() -> None:
    """In its first line."""
    stage = Stage()
    async with BackoutApp(stage).run_test():
        assert stage.list.render_line(0).text.startswith("Nothing here yet.")


def _first_picture(count: int) -> float:
    """Seconds from the start to the first rows."""
    with PtyScreen([sys.executable, "-m", "tests.ui.stage", str(count)], cwd=str(ROOT)) as screen:
        begun = time.monotonic()
        screen.wait_for("ready")
        screen.wait_for("back 2")
        return time.monotonic() - begun


def test_a_key_costs_few_bytes_and_many_rows_no_time() -> None:
    """In a real terminal: under 600 bytes a key when nothing scrolls, and 100,000 rows start like three."""
    with PtyScreen([sys.executable, "-m", "tests.ui.stage", "100000"], cwd=str(ROOT)) as screen:
        screen.wait_for("ready")
        screen.wait_idle()
        for key in ("j", "j", "\x1b[A", "k"):
            assert len(screen.answer(key)) < 600
        screen.send("G")
        screen.wait_for("back 99999")
    few, many = _first_picture(3), _first_picture(100_000)
    assert many - few < 5  # a table widget takes 14 s; mostly the time the test itself takes to make the rows


def test_a_list_of_20_columns_is_still_a_list() -> None:
    """And grows back when the terminal does."""
    with PtyScreen([sys.executable, "-m", "tests.ui.stage", "3"], cwd=str(ROOT), width=20, height=12) as screen:
        screen.wait_for("ready")
        screen.wait_idle()
        assert screen.lines()[2].startswith("│✔")
        assert "…" in screen.lines()[2]
        screen.resize(80, 24)
        screen.wait_for("Roll the deployment back 2")
