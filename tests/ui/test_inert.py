"""Text from outside on its way to the terminal."""

from __future__ import annotations

import re
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.control import Control
from rich.segment import Segment, Segments
from rich.style import Style
from rich.text import Text
from textual.app import ComposeResult
from textual.color import Color
from textual.widgets import Static

from backout_tui.ui.app import BackoutApp
from backout_tui.ui.terminal.keys import KeyedScreen
from backout_tui.ui.widgets.glyphs import GLYPHS, ascii_only, glyph, in_ascii
from backout_tui.ui.widgets.inert import LastWall, shown, shown_lines
from tests.pty_screen import PtyScreen
from tests.ui.stage import HOSTILE, ROOT, Stage, stage_rows

BLACK = Color(0, 0, 0)
CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
OURS = re.compile(
    r"\x1b\[[0-9;?<>=]*[A-Za-z]"  # moves, colours, modes
    r"|\x1b\[\?\d+\$p"  # what the terminal is asked
    r"|\r\n"
)
"""Every control sequence that the program itself may send."""
segment_texts = st.text(st.characters(codec="utf-8") | st.sampled_from("\x1b\x07\x9b\x7f\u202e漢…✔"), min_size=1)


def control_characters(raw: bytes) -> str:
    """What in `raw` could act on a terminal and is not one of the program's own sequences."""
    return "".join(CONTROLS.findall(OURS.sub("", raw.decode("utf-8"))))


@given(st.lists(segment_texts, max_size=5), st.booleans())
def test_no_control_passes_the_last_wall_and_no_line_grows(texts: list[str], plain: bool) -> None:
    """Whatever a widget lets through; in ASCII no other byte either."""
    line = [Segment(text) for text in texts]
    inert = LastWall(ascii_only=plain).apply(line, BLACK)
    together = "".join(segment.text for segment in inert)
    assert not CONTROLS.search(together)
    assert cell_len(together) == sum(segment.cell_length for segment in line)
    assert together.isascii() or not plain


def test_a_control_becomes_visible_at_the_cost_of_the_end_of_the_line() -> None:
    """So that a border or the next pane stays where it is."""
    inert = LastWall().apply([Segment("a\x1b[31mb   ")], BLACK)
    assert "".join(segment.text for segment in inert) == "a␛[31mb  "


def test_control_segments_do_not_pass_either() -> None:
    """A line of a widget needs none."""
    assert LastWall().apply([Control.home().segment, Segment("x")], BLACK) == [Segment("x")]


def test_without_colour_no_colour_passes() -> None:
    """But what is bold stays bold."""
    (inert,) = LastWall(colour=False).apply([Segment("x", Style.parse("bold red on blue"))], BLACK)
    assert inert.style is not None
    assert (inert.style.color, inert.style.bgcolor, inert.style.bold) == (None, None, True)


@given(st.text())
def test_shown_text_is_the_text_and_never_markup(text: str) -> None:
    """On one line."""
    content = shown(text, "bold")
    assert not CONTROLS.search(content.plain)
    assert shown("[b]x[/x]").plain == "[b]x[/x]"
    assert "\x1b" not in shown_lines(text).plain


@pytest.mark.parametrize(
    ("environ", "plain"),
    [
        ({"LANG": "C.UTF-8"}, False),
        ({"LANG": "en_GB.utf8"}, False),
        ({"LANG": "C"}, True),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": "POSIX"}, True),
        ({"LANG": "de_DE.ISO-8859-1"}, True),
        ({}, False),
    ],
)
def test_the_locale_says_whether_to_draw_in_ascii(environ: dict[str, str], plain: bool) -> None:
    """A setting overrules it."""
    assert ascii_only(environ) is plain
    assert ascii_only(environ, "ascii") is True
    assert ascii_only(environ, "unicode") is False


def test_every_sign_has_one_of_its_own_in_ascii() -> None:
    """As wide, and no two the same."""
    plain = [in_ascii(sign) for sign in GLYPHS.values()]
    assert all(sign.isascii() and (sign != "?" or name == "in_doubt") for name, sign in zip(GLYPHS, plain, strict=True))
    assert len(set(plain)) == len(plain)
    assert all(cell_len(sign) == 1 for sign in GLYPHS.values())
    with pytest.raises(KeyError, match="no such sign"):
        glyph("no such sign")


class Careless(KeyedScreen[None]):
    """Hands data to widgets as nobody should."""

    def compose(self) -> ComposeResult:
        """A rich text, raw segments, a border title."""
        text = Static(Text(HOSTILE), classes="x")
        yield text
        yield Static(Segments([Segment(HOSTILE), Control.bell().segment]))
        titled = Static("titled", markup=False)
        titled.border_title = shown(HOSTILE)
        titled.styles.border = ("round", "red")
        yield titled


async def test_a_careless_widget_is_stopped_by_the_wall() -> None:
    """In the lines that go to the terminal."""
    app = BackoutApp(Careless())
    async with app.run_test() as pilot:
        await pilot.pause()
        for widget in app.screen.query(Static):
            for strip in widget.render_lines(widget.outer_size.region):
                assert not CONTROLS.search(strip.text)


def test_hostile_data_sends_no_control_to_a_real_terminal() -> None:
    """In rows, output, dialogs, fields; typed, pasted, and said."""
    command = [sys.executable, "-m", "tests.ui.stage", "30", ".", "hostile"]
    with PtyScreen(command, cwd=str(ROOT), environ={"TERM": "xterm-256color"}) as screen:
        screen.wait_for("ready")
        for keys in ("o", "r", "\x1b", "t", "\r", "f", f"\x1b[200~{HOSTILE}\x1b[201~", "\x13"):
            screen.send(keys)
            screen.wait_idle(0.3)
        screen.wait_for("{'title': '␛]52;c;")
        screen.send("q")
        assert screen.wait() == 0
        assert control_characters(screen.raw) == ""
        assert b"pwned" in screen.raw


@pytest.mark.parametrize("environ", [{"LC_ALL": "C"}, {"NO_COLOR": "1"}])
def test_plain_terminals_get_what_they_can_show(environ: dict[str, str]) -> None:
    """ASCII alone under the C locale, no colour at all with NO_COLOR."""
    with PtyScreen([sys.executable, "-m", "tests.ui.stage", "3"], cwd=str(ROOT), environ=environ) as screen:
        screen.wait_for("ready")
        screen.send("f")
        screen.wait_for("Decided by")
        screen.wait_idle()
        if "LC_ALL" in environ:
            assert screen.raw.isascii()
            assert "+" in screen.lines()[0]
        else:
            colours = re.findall(rb"\x1b\[([0-9;]*)m", screen.raw)
            assert not [one for one in colours if re.search(rb"(^|;)[34][0-9]|38;|48;|(^|;)9[0-7]|10[0-7]", one)]


def test_stage_rows_are_hostile_on_purpose() -> None:
    """The tests above test what they say."""
    assert CONTROLS.search(str(stage_rows(1, HOSTILE)[0].cells[2]))
    assert isinstance(Stage(), KeyedScreen)
