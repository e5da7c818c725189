"""The app: its looks, its last wall, and the first screen. Everything else is on the screens."""

from __future__ import annotations

import gc
import os
from collections.abc import Sequence
from typing import Any, ClassVar

from textual.filter import LineFilter
from textual.screen import Screen

from backout_tui.ui.crash import QuietCrash
from backout_tui.ui.driver import TerminalDriver
from backout_tui.ui.glyphs import ascii_only
from backout_tui.ui.inert import LastWall
from backout_tui.ui.keys import KeyGate
from backout_tui.ui.themes import DARK, LIGHT, SIXTEEN

LOOKS = {"dark": DARK.name, "light": LIGHT.name, "16": SIXTEEN.name}

WARM_S = 3.0
"""Seconds after the first picture until what the start has brought in is taken to be all."""


class BackoutApp(KeyGate[int], QuietCrash[int]):
    """The program's app around one first screen."""

    TITLE = "backout-tui"
    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE: ClassVar[bool] = False

    def __init__(self, first: Screen[Any], *, look: str = "auto", signs: str = "auto") -> None:
        """Show `first`. `look` is dark, light, 16 or auto; `signs` is unicode, ascii or auto (see `ascii_only`)."""
        super().__init__(driver_class=TerminalDriver)
        self.first = first
        few_colours = self.console.color_system not in ("256", "truecolor")
        for theme in (DARK, LIGHT, SIXTEEN):
            self.register_theme(theme)
        self._begin_with(LOOKS.get(look) or (SIXTEEN if few_colours else DARK).name)
        plain = ascii_only(os.environ, signs)
        self.set_class(plain, "-ascii")
        self._wall = LastWall(ascii_only=plain, colour=not self.no_color)

    def _begin_with(self, theme: str) -> None:
        """Have this theme from the first picture on: set as others are, all styles would be made a second time."""
        self.set_reactive(BackoutApp.theme, theme)
        dark = self.current_theme.dark
        self.update_classes({f"-theme-{theme}": True, "-dark-mode": dark, "-light-mode": not dark}, update=False)
        self._refresh_truecolor_filter(self.ansi_theme)
        self.stylesheet.set_variables(self.get_css_variables())

    def on_ready(self) -> None:
        """The first picture is there; what the first key needs is imported next."""
        self.set_timer(WARM_S, _look_for_garbage)
        self.app_resume_signal.subscribe(self, self._draw_anew)

    def _draw_anew(self, _: object) -> None:
        """The terminal was somebody else's meanwhile: nothing that it showed is taken for granted."""
        if isinstance(self._driver, TerminalDriver):
            self._driver.redraw()
        self.screen.refresh(layout=True)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's filters, and after them the last wall."""
        return [*super().get_line_filters(), self._wall]

    def get_default_screen(self) -> Screen[Any]:
        """The first screen: it is there from the first picture, no empty one before it."""
        return self.first

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Our own colours, for themes that do not name them."""
        return {"row-cursor": DARK.variables["row-cursor"], "row-cursor-blurred": DARK.variables["row-cursor-blurred"]}


def _look_for_garbage() -> None:
    """Look for garbage again, where the start has switched it off; never again among what the start has made."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()
