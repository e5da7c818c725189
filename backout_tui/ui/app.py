"""The app: its looks, its last wall, and the first screen. Everything else is on the screens."""

from __future__ import annotations

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
        self.theme = LOOKS.get(look) or (SIXTEEN if few_colours else DARK).name
        plain = ascii_only(os.environ, signs)
        self.set_class(plain, "-ascii")
        self._wall = LastWall(ascii_only=plain, colour=not self.no_color)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's filters, and after them the last wall."""
        return [*super().get_line_filters(), self._wall]

    def get_default_screen(self) -> Screen[Any]:
        """The first screen: it is there from the first picture, no empty one before it."""
        return self.first

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Our own colours, for themes that do not name them."""
        return {"row-cursor": DARK.variables["row-cursor"], "row-cursor-blurred": DARK.variables["row-cursor-blurred"]}
