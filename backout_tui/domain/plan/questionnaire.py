"""The nine questions for somebody who starts a plan: why each matters, an example, and its blanks."""

from __future__ import annotations

from msgspec import Struct

from backout_tui.domain.plan.plan import Plan
from backout_tui.domain.plan.readiness import questions


class Blank(Struct, frozen=True):
    """One thing to fill in, or to leave open. `example` shows an answer; `several` means it may have many lines."""

    name: str
    label: str
    example: tuple[str, ...]
    several: bool = False


class Page(Struct, frozen=True):
    """One question: `id` is Q1 to Q9, or "" for the release itself; `why` says what goes wrong without an answer."""

    id: str
    title: str
    text: str
    why: str
    blanks: tuple[Blank, ...]


_RELEASE = Page(
    "",
    "The release",
    "Which release is the plan for, and which version does it return to?",
    "A plan speaks of one release only. With two versions on the screen, one of them is taken for the other"
    " at three in the morning.",
    (
        Blank("release", "release", ("payments-api 4.12.0",)),
        Blank("returns-to", "returns to", ("4.11.3",)),
        Blank("environment", "environment", ("production",)),
        Blank("team", "team", ("payments",)),
        Blank("deployed", "deployed", ("2026-11-22 01:50 Europe/London",)),
    ),
)
_WHY = {
    "Q1": "Without a line that was drawn beforehand, the first hour goes by arguing whether it is bad enough."
    " A figure that anybody can read off ends that.",
    "Q2": "After a certain hour going back does more harm than going on: data was written, others have built on it."
    " Whoever decides must know when that is.",
    "Q3": "Whoever is awake must know whose word counts, and whose does when that person does not answer the phone.",
    "Q4": "What anybody could do, everybody thinks somebody else is doing."
    " Name who does it, and how soon they sit at a keyboard.",
    "Q5": "Tired people leave out steps and mistype commands. What is written here can be run as it stands,"
    " and each check says how you see that it worked.",
    "Q6": "The step that fails is the one for which nobody had a second idea."
    " And a service that depends on yours goes down with it, unless its people were told.",
    "Q7": "Those who wait need an hour to wait for, and a backout that is longer than its window must not be begun.",
    "Q8": "People who hear nothing call, and whoever is called cannot work."
    " The right words are hard to find in the night; write them now.",
    "Q9": "A plan that was never tried is a guess."
    " When it was tried last, and how that went, says how far to trust it.",
}
_TOO = {"Q6": " Which other services and products are affected?"}
_BLANKS = {
    "Q1": (
        Blank("when", "back out when", ("5xx on /charge above 2 % for 5 minutes", "any ledger mismatch"), True),
        Blank("success", "success when", ("error rate below 0.2 % for 30 minutes",), True),
    ),
    "Q2": (Blank("window", "window", ("2h after deploy",)),),
    "Q3": (
        Blank("authoriser", "authoriser", ("release manager",)),
        Blank("proxy", "proxy", ("payments lead after 10 min",)),
    ),
    "Q4": (Blank("performer", "performer", ("deployment engineer, within 10 min",)),),
    "Q5": (
        Blank(
            "steps",
            "steps",
            (
                "Freeze deployments (2 min)",
                "Roll the deployment back (5 min)",
                "$ kubectl rollout undo deploy/payments-api",
                "expect: rolled back",
            ),
            True,
        ),
        Blank("checks", "checks", ("Ten charges agree with the ledger", "$ ./compare-charges --last 10"), True),
    ),
    "Q6": (
        Blank("if-it-fails", "if it fails", ("Stop all writers, and call the payments lead",), True),
        Blank("affects", "affects", ("ledger (ledger team)",), True),
    ),
    "Q7": (Blank("expected-time", "expected time", ("20 min",)),),
    "Q8": (
        Blank("message-to", "to", ("release manager, ledger team",)),
        Blank("message-by", "by", ("email",)),
        Blank("message-when", "when", ("decision",)),
        Blank("message-text", "text", ("Subject: Backing out {release}", "We expect to finish at {finish}."), True),
    ),
    "Q9": (Blank("rehearsals", "rehearsals", ("2026-11-18: passed in 24 min",), True),),
}  # fmt: skip

PAGES = (
    _RELEASE,
    *(
        Page(one.id, one.title, one.text + _TOO.get(one.id, ""), _WHY[one.id], _BLANKS[one.id])
        for one in questions(Plan())
    ),
)
"""The release, then the nine questions in order."""

BLANKS = {blank.name: blank for page in PAGES for blank in page.blanks}
"""Every blank by its name."""


def release_complaint(release: str) -> str:
    """What is wrong with the release that a new plan is for; "" if nothing is."""
    if "@" in release:
        return "The environment has a field of its own: say the name and the version alone."
    return "" if len(release.split()) > 1 else "Say its name and its version, as in payments-api 4.12.0."
