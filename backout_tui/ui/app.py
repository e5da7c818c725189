"""The app: its theme, its last wall before the terminal, and the first screen. The screens hold everything else."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from typing import Any, ClassVar

from textual.filter import LineFilter
from textual.screen import Screen

from backout_tui.ui.terminal.driver import TerminalDriver
from backout_tui.ui.terminal.guard import QuietCrash
from backout_tui.ui.terminal.keys import KeyGate
from backout_tui.ui.widgets.glyphs import ascii_only
from backout_tui.ui.widgets.inert import LastWall
from backout_tui.ui.widgets.themes import DARK, LIGHT, SIXTEEN

LOOKS = {"dark": DARK.name, "light": LIGHT.name, "16": SIXTEEN.name}

WARM_S = 3.0
"""Seconds after the first picture until everything made at the start counts as loaded."""

SWITCH_S = 0.0005
"""Seconds that a busy thread may keep the others waiting.

Python's default of 5 ms made each key wait several times while the log was verified in the background. The longer the
plan, the longer keys stayed slow after the start.
"""


class BackoutApp(KeyGate[int], QuietCrash[int]):
    """The program's app around one first screen."""

    TITLE = "backout-tui"
    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE: ClassVar[bool] = False

    def __init__(self, first: Screen[Any], *, look: str = "auto", signs: str = "auto") -> None:
        """Show `first`. `look` is dark, light, 16 or auto; `signs` is unicode, ascii or auto (see `ascii_only`)."""
        super().__init__(driver_class=TerminalDriver)
        sys.setswitchinterval(SWITCH_S)
        self.first = first
        few_colours = self.console.color_system not in ("256", "truecolor")
        for theme in (DARK, LIGHT, SIXTEEN):
            self.register_theme(theme)
        self._begin_with(LOOKS.get(look) or (SIXTEEN if few_colours else DARK).name)
        plain = ascii_only(os.environ, signs)
        self.set_class(plain, "-ascii")
        self._wall = LastWall(ascii_only=plain, colour=not self.no_color)

    def _begin_with(self, theme: str) -> None:
        """Set this theme before the first picture; setting it the usual way would compute all styles a second time."""
        self.set_reactive(BackoutApp.theme, theme)
        dark = self.current_theme.dark
        self.update_classes({f"-theme-{theme}": True, "-dark-mode": dark, "-light-mode": not dark}, update=False)
        self._refresh_truecolor_filter(self.ansi_theme)
        self.stylesheet.set_variables(self.get_css_variables())

    def on_ready(self) -> None:
        """After the first picture, turn garbage collection back on a little later, and redraw after each suspension."""
        self.set_timer(WARM_S, _look_for_garbage)
        self.app_resume_signal.subscribe(self, self._draw_anew)

    def _draw_anew(self, _: object) -> None:
        """Redraw everything after another program had the terminal, and drop keys that were typed meanwhile."""
        self._waiting.clear()
        if isinstance(self._driver, TerminalDriver):
            self._driver.redraw()
        self.screen.refresh(layout=True)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return Textual's filters and then the last wall."""
        return [*super().get_line_filters(), self._wall]

    def get_default_screen(self) -> Screen[Any]:
        """Return the first screen, so that the first picture shows it instead of an empty one."""
        return self.first

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Return our own colours, for themes that do not define them."""
        return {"row-cursor": DARK.variables["row-cursor"], "row-cursor-blurred": DARK.variables["row-cursor-blurred"]}


def _look_for_garbage() -> None:
    """Turn garbage collection back on if the start turned it off; it skips everything made so far."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()
