"""Checks that the links of a plan answer. Only done on request, and it sends nothing but the link."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from backout_tui.domain.checking.finding import Finding, finding

if TYPE_CHECKING:
    from httpx2 import AsyncClient

DEADLINE_S = 20.0  # for all links together
_AT_ONCE = 8
_LINK = re.compile(r"https?://[^\s<>\"'`)\]|\\]+", re.IGNORECASE)
_OPEN = re.compile(r"[{}$*]")
_ANSWERS = frozenset({401, 403, 405, 429})  # the server is there, but wants more than an anonymous request


def links_of(text: str) -> dict[str, int]:
    """Every link of `text` with the first line, counted from 1, that holds it; not those with a gap or a login."""
    found: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        for match in _LINK.finditer(line):
            link = match[0].rstrip(".,;:!?*_")
            if not _OPEN.search(link) and "@" not in link.split("/")[2]:
                found.setdefault(link, number)
    return found


def about_links(text: str, item_at: Callable[[int], str], *, deadline_s: float = DEADLINE_S) -> Iterator[Finding]:
    """dead-link."""
    links = links_of(text)
    troubles = asyncio.run(_ask_all(list(links), deadline_s)) if links else {}
    for link, trouble in troubles.items():
        if trouble:
            shown = re.split(r"[?#]", link)[0]
            line = links[link]
            yield finding("dead-link", line, item_at(line), f"{shown} {trouble}: correct the link, or take it out")


async def _ask_all(links: list[str], deadline_s: float) -> Mapping[str, str]:
    """What is wrong with each link; "" for one that answers."""
    import httpx2  # here: only this needs it, and importing it takes as long as all the rest of a command

    troubles = dict.fromkeys(links, f"did not answer within {deadline_s:g} s")
    turn = asyncio.Semaphore(_AT_ONCE)

    async def ask(client: AsyncClient, link: str) -> None:
        async with turn:
            try:
                troubles[link] = await _ask(client, link)
            except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
                troubles[link] = f"does not answer ({_why(error)})"

    async with httpx2.AsyncClient(timeout=deadline_s, follow_redirects=True) as client:
        tasks = [asyncio.create_task(ask(client, link)) for link in links]
        _, late = await asyncio.wait(tasks, timeout=deadline_s)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
    return troubles


async def _ask(client: AsyncClient, link: str) -> str:
    """Send HEAD, or GET if the server refuses that; the body is not fetched."""
    answer = await client.head(link)
    status = answer.status_code
    if status >= 400 and status not in _ANSWERS:
        async with client.stream("GET", link) as answer:
            status = answer.status_code
    return "" if status < 400 or status in _ANSWERS else f"answers {status}"


def _why(error: Exception) -> str:
    """The innermost cause, in a few words."""
    cause: BaseException = error
    while (inner := cause.__cause__ or cause.__context__) is not None:
        cause = inner
    words = getattr(cause, "strerror", None) or str(cause) or type(error).__name__
    return " ".join(str(words).lower().split())
