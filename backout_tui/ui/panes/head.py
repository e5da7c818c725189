"""The lines at the top: what is backed out and who has the controls, the phases, the time."""

from __future__ import annotations
