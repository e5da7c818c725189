"""The numbers of the controls, checked on rows as they lie in the file: nobody writes under an old one. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from backout_tui.store.chain import Finding, Link

RULE = "old-lease"


def lease_findings(links: Sequence[Link]) -> Iterator[Finding]:
    """Records of a backout whose number of the controls is not the newest that was taken when they were written.

    Outcomes are written by whoever settles, and bear the number of their intent.
    """
    newest, of_intent = 0, dict[str, object]()
    for link in links:
        fields = link.fields or {}
        number = fields.get("lease")
        if fields.get("kind") == "ControlsTaken":
            newest += 1
        expected = of_intent.get(str(link.data.get("intent")), newest)
        if link.fields is not None and number != expected:
            yield Finding(RULE, link.seq, f"event {link.seq} was written under the controls {number}, not {expected}")
        of_intent[link.event_id] = number
