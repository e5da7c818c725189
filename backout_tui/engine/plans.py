"""Plans: found by what people type, stored as revisions, approved. contract.md section 1."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from backout_tui.domain.backout.events import Draft, Event
from backout_tui.domain.backout.payloads.kinds import EventKind
from backout_tui.domain.checking.copies.copied import CopiedPlan, CopiedWord, warnings
from backout_tui.domain.plan.fences import READING
from backout_tui.domain.plan.plan import Fact, Plan
from backout_tui.domain.plan.plan_items import PlanItem, items_of
from backout_tui.domain.plan.plan_record import NOTHING_SAID, Approval, PlanRecord, approval_in, record_of, unconfirmed
from backout_tui.domain.plan.readiness import leads_nowhere
from backout_tui.domain.plan.remarks import Silence
from backout_tui.domain.refusal import REASON
from backout_tui.domain.rules import plan_gates
from backout_tui.domain.text import clean_line
from backout_tui.domain.values import replace
from backout_tui.engine.desk import Desk
from backout_tui.engine.opening import MAX_DIGITS
from backout_tui.engine.planning import copies
from backout_tui.errors import BackoutError, Refused
from backout_tui.store.log.rows import PlanRevision

_FILE_ENDINGS = (".md", ".rst", ".adoc", ".txt")
MAX_BYTES = 20_000_000


class Found(Struct, frozen=True):
    """A plan that was found: its text and content. `revision` is None for a file that is not stored yet.

    `record` is what people recorded about it. It is approved when exactly its text is approved and no item is
    unconfirmed. `copy` has the text as it was copied, `words` are those that a copy took over and the review asks
    about, `silences` are those that hold.
    """

    text: str
    plan: Plan
    where: str
    revision: PlanRevision | None = None
    approved: bool = False
    record: PlanRecord = NOTHING_SAID
    copy: CopiedPlan | None = None
    words: tuple[CopiedWord, ...] = ()
    silences: tuple[Silence, ...] | None = None

    @property
    def items(self) -> tuple[PlanItem, ...]:
        """What the review goes through: the plan's items, and a question for each word that a copy took over."""
        return (*items_of(self.plan), *warnings(self.words))

    @property
    def unconfirmed(self) -> tuple[PlanItem, ...]:
        """The inherited items that nobody has confirmed in their present form."""
        return unconfirmed(self.record, self.items) if self.record.inherited else ()


def is_file(name: str) -> bool:
    """Whether the argument PLAN means a file: `-`, anything with `/`, or an existing name with a document's suffix."""
    return name == "-" or "/" in name or (name.endswith(_FILE_ENDINGS) and os.path.lexists(name))


def find(desk: Desk, name: str) -> Found:
    """The plan that the argument PLAN means. Raises BackoutError when there is none, or lists the candidates."""
    if is_file(name):
        return _from_file(name)
    revision = _by_id(desk, name) if name.isdecimal() else _by_release(desk, name)
    return stored(desk, revision)


def stored(desk: Desk, revision: PlanRevision) -> Found:
    """A stored revision with its text, parsed; approved when its text is an approved one."""
    from backout_tui.planfile.reading.reader import read_plan

    where = f"plan {revision.plan_id}"
    plan = _as_imported(read_plan(revision.text, where), revision)
    record = record_of(desk.reader.events_after(f"plan:{revision.plan_id}", 0))
    held = copies.silences_that_hold(desk, revision, plan, record)
    copy = copies.copied_plan(desk, revision, plan, record)
    words = copies.words_to_ask(copy, revision.text, held) if copy is not None and record.asks else ()
    found = Found(revision.text, plan, where, revision, record=record, copy=copy, words=words, silences=held)
    return replace(found, approved=is_approved(desk, revision.sha256) and not found.unconfirmed)


def _as_imported(plan: Plan, revision: PlanRevision) -> Plan:
    """The plan with the release that was given at its import: it takes precedence over the text."""
    said = {"returns to": revision.returns_to, "environment": revision.environment}
    if plan.release != (revision.name, revision.version):
        said["release"] = f"{revision.name} {revision.version}".strip()
    new = tuple(Fact(key, value) for key, value in said.items() if value and value != plan.fact(key))
    changed = {fact.key for fact in new}
    return replace(plan, facts=(*new, *(fact for fact in plan.facts if fact.key not in changed))) if new else plan


def says_the_same(found: Found) -> bool:
    """Whether the text alone says what the plan is; otherwise facts were given beside it at its import."""
    from backout_tui.planfile.reading.reader import read_plan

    return read_plan(found.text) == found.plan


def whole_text(found: Found) -> str:
    """The plan's text, verbatim; if its release was given beside the text at its import, it is rewritten with it."""
    from backout_tui.planfile.writing.keeping import kept_text

    return found.text if says_the_same(found) else kept_text(found.plan, found.where)


def is_approved(desk: Desk, sha256: str) -> bool:
    """Whether somebody approved exactly this text."""
    return approval_of(desk, sha256) is not None


def approval_of(desk: Desk, sha256: str) -> Approval | None:
    """The last approval of exactly this text, in whichever plan's log it stands."""
    if not desk.exists:
        return None
    events = [event for log_id in _logs_of_text(desk, sha256) for event in desk.reader.events_after(log_id, 0)]
    approvals = [approval_in(event) for event in events if event.kind == EventKind.PLAN_APPROVED]
    return max((one for one in approvals if one.sha256 == sha256), key=lambda one: one.at, default=None)


def _logs_of_text(desk: Desk, sha256: str) -> list[str]:
    return sorted({f"plan:{one.plan_id}" for one in desk.reader.revisions_with_text(sha256)})


def keep(
    desk: Desk,
    found: Found,
    *,
    release: str = "",
    returns_to: str = "",
    environment: str = "",
    reason: str = "",
    beside: bool = False,
) -> PlanRevision:
    """Store a plan's text as the next revision of the plan for its release and environment, or as a new plan.

    `reason` is stored with it. With `beside` it never becomes the next revision of a different text, which it would
    replace.
    """
    refuse_secrets(found)
    name, version = name_and_version(release) if release else found.plan.release
    environment = environment or found.plan.fact("environment") or ""
    journal = desk.journal()
    same = [
        one
        for one in desk.reader.plan_revisions(name=name, version=version, environment=environment)
        if (one.name, one.version, one.environment) == (name, version, environment)
        and (one.text == found.text or not beside)
    ]
    return journal.store_plan(
        found.text,
        plan_id=same[-1].plan_id if same and name else None,
        name=name,
        version=version,
        returns_to=returns_to or found.plan.fact("returns to") or "",
        environment=environment,
        team=found.plan.fact("team") or "",
        actor=desk.actor,
        data={"reason": reason.strip()} if reason.strip() else None,
    )


def name_and_version(release: str) -> tuple[str, str]:
    """The name and the version in `NAME VERSION`; a single word is a name."""
    words = release.split()
    return (" ".join(words[:-1]), words[-1]) if len(words) > 1 else (release.strip(), "")


def refuse_secrets(found: Found) -> None:
    """Refuse a plan with a secret written in it: the secret would be in the database for ever."""
    from backout_tui.domain.checking.check import secrets_told

    for remark in found.plan.remarks:
        if remark.rule == "secret-value":
            raise BackoutError(remark.message, where=f"{clean_line(found.where)}:{remark.line}")
    for one in secrets_told(found.plan, found.text):
        raise BackoutError(one.message, where=f"{clean_line(found.where)}:{one.line}")


def approve(desk: Desk, revision: PlanRevision, by: str, *, errors: Sequence[str] = (), reason: str = "") -> None:
    """Record that `by` approved exactly this revision's text; `errors` are those that the check found in it.

    Raises Refused while something in it is unconfirmed, or for errors without a reason; BackoutError when nobody is
    named.
    """
    if not by.strip():
        raise BackoutError("the name of the person who approved it is missing", todo="Add --by NAME.")
    data = {"by": by.strip(), "revision": revision.revision, "sha256": revision.sha256, "reading": READING}
    data |= {"despite": list(errors), "reason": reason.strip()} if errors else {}
    lifted = {REASON} if reason.strip() else set()

    def drafts(events: list[Event]) -> list[Draft]:
        left = unconfirmed(record_of(events), items)
        labels = [item.label for item in left]
        refusal = plan_gates.why_not_approve(labels, errors, lifted, leads_nowhere=leads_nowhere(plan))
        if refusal is not None:
            raise Refused(refusal.words, lifted_by=refusal.lifted_by)
        return [Draft(EventKind.PLAN_APPROVED, data)]

    found = stored(desk, revision)
    plan, items = found.plan, found.items
    desk.journal().append(f"plan:{revision.plan_id}", after=0, decide=drafts, actor=desk.actor)


def _from_file(name: str) -> Found:
    from backout_tui.planfile.reading.reader import read_plan

    where = "standard input" if name == "-" else name
    try:
        raw = sys.stdin.buffer.read(MAX_BYTES + 1) if name == "-" else _bytes_of(Path(name))
    except OSError as error:
        raise BackoutError(
            f"the plan cannot be read: {(error.strerror or str(error)).lower()}",
            where=clean_line(where),
            todo="Give the path of a Markdown file, a plan's number, or NAME VERSION.",
        ) from error
    if len(raw) > MAX_BYTES:
        raise BackoutError("this is too large for a plan", where=clean_line(where))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise BackoutError("this is not UTF-8 text", where=f"{clean_line(where)}:{line}") from error
    if "\x00" in text:
        line = text[: text.index("\x00")].count("\n") + 1
        raise BackoutError("this is not a text file", where=f"{clean_line(where)}:{line}")
    return Found(text, read_plan(text, where), where)


def _bytes_of(path: Path) -> bytes:
    if "\0" in str(path):
        raise OSError(errno.EINVAL, "no path can hold such a character")
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def _by_id(desk: Desk, digits: str) -> PlanRevision:
    known = desk.exists and len(digits) <= MAX_DIGITS
    revisions = desk.reader.revisions_of(int(digits)) if known else []
    if not revisions:
        raise BackoutError(f"there is no plan {digits}", todo="See which there are with: backout-tui plan list")
    return revisions[-1]


def _by_release(desk: Desk, name: str) -> PlanRevision:
    release, _, environment = name.partition("@")
    service, version = name_and_version(release)
    rows = desk.reader.plan_revisions(name=service) if desk.exists else []
    rows = [one for one in rows if not version or one.version == version]
    rows = [one for one in rows if not environment or one.environment == environment]
    if not rows:
        raise BackoutError(
            f"there is no plan {clean_line(name)}",
            todo="Give a plan's number, NAME VERSION[@ENVIRONMENT], or a file; see: backout-tui plan list",
        )
    rows = _with_steps(rows)
    if len(rows) > 1:
        candidates = ", ".join(f"{one.plan_id} ({one.name} {one.version}@{one.environment})" for one in rows)
        raise BackoutError(f"{clean_line(name)} could be several plans: {candidates}", todo="Name one by its number.")
    return rows[-1]


def _with_steps(rows: list[PlanRevision]) -> list[PlanRevision]:
    """Of several plans, those that have steps: a night without a plan leaves an empty one behind."""
    from backout_tui.planfile.reading.reader import read_plan

    full = [one for one in rows if any(read_plan(one.text, "").top_steps())] if len(rows) > 1 else rows
    return full or rows
