"""The yardstick: four DataTables with the same rows, and nothing else. Run as a program: `bare.py STEPS`."""

from __future__ import annotations

import sys

from textual.app import App, ComposeResult
from textual.widgets import DataTable

Rows = list[tuple[str, ...]]


def rows(steps: int) -> dict[str, Rows]:
    """The rows of the four tables, as the benchmarks' plan has them."""
    return {
        "problems": [("!", "P1", "5xx on /charge", "payments lead"), ("!", "P2", "Ledger lag", "unassigned")],
        "plan": [("○", str(n), f"Move shard {n} back", "2 min", "") for n in range(1, steps + 1)],
        "checks": [("○", chr(64 + n), f"Shard group {n} answers", "") for n in range(1, 7)],
        "messages": [("✉", f"Word number {n}", "stakeholders", "") for n in range(1, 5)],
    }


class Bare(App[None]):
    """Four tables in a grid."""

    CSS = """
    Screen { layout: grid; grid-size: 2 2; }
    """
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, tables: dict[str, Rows]) -> None:
        super().__init__()
        self._tables = tables

    def compose(self) -> ComposeResult:
        """The tables, filled."""
        for name, lines in self._tables.items():
            table: DataTable[str] = DataTable(id=name, cursor_type="row")
            table.add_columns(*("" for _ in lines[0]))
            table.add_rows(lines)
            yield table

    def on_mount(self) -> None:
        """The plan has the keys."""
        self.query_one("#plan").focus()


if __name__ == "__main__":
    Bare(rows(int(sys.argv[1]))).run()
