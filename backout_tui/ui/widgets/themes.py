"""Three calm looks: dark, light, and the terminal's own sixteen colours."""

from __future__ import annotations

from textual.theme import Theme

DARK = Theme(
    name="backout-dark",
    dark=True,
    primary="#6ca6d9",
    secondary="#7f9bb3",
    accent="#d9b36c",
    warning="#e0b050",
    error="#f07070",
    success="#79c28a",
    foreground="#d6d9dc",
    background="#14171a",
    surface="#14171a",
    panel="#20262c",
    variables={
        "border": "#6ca6d9",
        "border-blurred": "#4a545e",
        "row-cursor": "#26466b",
        "row-cursor-blurred": "#283038",
        "scrollbar": "#4a545e",
        "scrollbar-background": "#1b2025",
    },
)
LIGHT = Theme(
    name="backout-light",
    dark=False,
    primary="#1f5f99",
    secondary="#52677a",
    accent="#8a5a00",
    warning="#8a5a00",
    error="#b3202c",
    success="#1c7a3a",
    foreground="#1d2226",
    background="#f6f7f8",
    surface="#f6f7f8",
    panel="#e4e8ec",
    variables={
        "border": "#1f5f99",
        "border-blurred": "#9aa6b0",
        "row-cursor": "#bcd8f2",
        "row-cursor-blurred": "#dde3e8",
        "scrollbar": "#9aa6b0",
        "scrollbar-background": "#e4e8ec",
    },
)
SIXTEEN = Theme(
    name="backout-16",
    ansi=True,
    dark=True,
    primary="ansi_cyan",
    secondary="ansi_cyan",
    accent="ansi_yellow",
    warning="ansi_yellow",
    error="ansi_red",
    success="ansi_green",
    foreground="ansi_default",
    background="ansi_default",
    surface="ansi_default",
    panel="ansi_default",
    boost="ansi_default",
    variables={
        "ansi-background": "ansi_black",
        "ansi-foreground": "ansi_white",
        "border": "ansi_cyan",
        "border-blurred": "ansi_default",
        "row-cursor": "ansi_default",
        "row-cursor-blurred": "ansi_default",
        "input-cursor-text-style": "reverse",
        "scrollbar": "ansi_cyan",
        "scrollbar-background": "ansi_default",
    },
)
