"""Widgets that paint in tones: each a component class, whose style is worked out when it is first painted."""

from __future__ import annotations

from typing import ClassVar

from rich.style import Style
from textual.css.styles import RenderStyles
from textual.dom import DOMNode
from textual.widget import Widget


class Toned(Widget):
    """Paints in tones, of which one picture shows few: each a component class `PREFIX--tone` in COMPONENT_CLASSES.

    Textual works out all of them for every widget whenever a class or the focus changes, which is a fifth of the time
    to the first picture. Here that is done only for the tones that this widget has painted.
    """

    PREFIX: ClassVar[str] = ""
    _painted: frozenset[str] = frozenset()

    def tone(self, tone: str, plain: Style) -> Style:
        """The style of a tone; `plain` when this kind of widget has no such tone."""
        name = f"{self.PREFIX}--{tone}"
        return self.get_component_rich_style(name) if name in self.COMPONENT_CLASSES else plain

    def get_component_styles(self, *names: str) -> RenderStyles:
        """The styles of components; those that were not painted before are worked out now."""
        for name in names:
            if name not in self._component_styles and name in self.COMPONENT_CLASSES:
                component = DOMNode(classes=name)
                component._attach(self)
                self.app.stylesheet.apply(component)
                self._component_styles[name] = component.styles
                self._painted |= {name}
        return super().get_component_styles(*names)

    def _get_component_classes(self) -> frozenset[str]:  # type: ignore[override]  # Textual asks the class, not the widget
        return self._painted
