"""Words that belong to one release: a copied plan that still has them may speak of the wrong one. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator

from msgspec import Struct

from backout_tui.domain.checking.copies.spellings import spellings_in

_CODE = frozenset({"command", "query", "variable", "shown", "expect"})
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?"
_FILES = frozenset(
    {"sh", "py", "md", "go", "rs", "js", "ts", "pl", "rb", "gz", "so", "db", "cc", "rc", "xz", "ps", "tf"}
)
_TOP = r"(?:com|org|net|io|dev|app|cloud|internal|intern|intra|local|lan|corp|svc|example|test|invalid)"
_NO_TICKET = r"(?!(?:UTF|SHA\d*|ISO|RFC|TLS|SSL|AES|MD|HTTP|IPV|RSA|ARM|UTC|GMT|US|EU|AP|BASE|PM|AM|SEV|RC)-?\d)"
_NO_HOST = (
    r"(?!(?:utf|sha|iso|top|step|phase|option|level|tier|sev|priority|release|version|build|rc|tls|http|plan|check|part"
    r"|attempt|try|python|java|v|r|p|q|h|us-east|us-west|eu-west|eu-central|ap-south|ap-east|exit|x|stage|batch)-)"
)
_ASKED = (
    r"(?i:asks?|calls?|tells?|ping|page|phone|contact|inform|e-?mail|mail|message|wake|with|by|notify|reach|get hold of"
    r"|(?:speak|talk|write|report|escalate|hand over|belongs) to)"
)
_NAME = r"[A-ZÀ-Þ][a-zß-ÿ'-]+"
_WORDS = """
nobody everybody everyone someone somebody who it this that we you he she they the a an if when then slack grafana
jira kubernetes redis kafka postgres nginx git github gitlab confluence pagerduty datadog sentry jenkins support
monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september
october november december utc gmt back step steps check checks option phase production staging
"""
_NOBODY = frozenset(_WORDS.split())


class Looked(Struct, frozen=True):
    """A line of a copied plan, and what is known for judging it.

    `kind` is its passage's, `key` the fact's; `old` are versions of the source, `ours` those that may be named;
    `services` are the names of other services, `source` that of the source's if it is another, `known` the people of
    the plan, in lower case.
    """

    text: str
    kind: str
    key: str
    old: Collection[str]
    ours: Collection[str]
    services: Collection[str]
    known: Collection[str]
    source: str = ""

    @property
    def is_code(self) -> bool:
        """Whether it is a command, a query or a value, and not prose."""
        return self.kind in _CODE


def versions(line: Looked) -> Iterator[str]:
    """A version of the source in another spelling: `2_7_0`, `2.7`, `27`."""
    for version in line.old:
        yield from spellings_in(line.text, version, line.ours, bare=line.is_code)


_TICKET = re.compile(
    rf"(?<![\w.-]){_NO_TICKET}([A-Z]{{2}}[A-Z0-9]+-\d{{1,7}}|[A-Z][A-Z0-9]-\d{{2,7}}|(?:CHG|INC|PRB|RITM|TASK|REQ|CR)\d{{4,}})"
    r"(?![\w-])|(?:^|[\s(])([#!]\d{2,7})\b|/(?:issues|merge_requests|pull|browse|tickets?)/([\w-]*\d)"
)
_DATE = re.compile(
    rf"(?<![\w/.-])(20\d\d-[01]\d-[0-3]\d|[0-3]?\d\.[01]?\d\.20\d\d|[0-3]?\d/[0-3]?\d/20\d\d"
    rf"|[0-3]?\d(?:st|nd|rd|th)? (?:of )?{_MONTH}(?: 20\d\d)?|{_MONTH} [0-3]?\d(?:st|nd|rd|th)?(?:,? 20\d\d)?)"
    r"(?![\w/-])"
)
_DIGEST = re.compile(
    r"(sha256:[0-9a-f]{8,64})|(?<![\w.])((?=[0-9]*[a-f])(?=[a-f]*[0-9])[0-9a-f]{7,40})(?![\w-])", re.IGNORECASE
)
_REVISION = re.compile(
    r"(--(?:to-)?revision[= ]\d+|\brev-?\d+\b|\b(?:revision|rev\.?|generation)[ :#=]{1,2}\d+"
    r"|\bbuilds?[ #:/-]{1,2}\d{2,}|\br\d{3,}\b|\b(?:jobs?|pipelines?|runs?)[/#]\d{2,}|\bhelm rollback \S+ \d+)",
    re.IGNORECASE,
)
_MIGRATION = re.compile(
    r"(\bV\d+(?:[._]\d+)*__\w+|\b0\d{3}_\w+|\b0\d{3}\b|\b20\d{12}\b"
    r"|\bschema (?:version )?\d+\b|\bmigrations?[ /:#=-]{1,2}(?:to |number |no\.? )?[\w.-]*\d[\w.-]*)"
    r"|\b(?:migrate|downgrade|goose|flyway|alembic|liquibase|knex)\b[^|;&]{0,80}?[\s=:](\d{2,14})\b",
    re.IGNORECASE,
)
_FULL_HOST = re.compile(
    rf"(?<![\w@.+-])((?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+{_TOP}|(?:[a-z0-9][a-z0-9-]*\.){{2,}}[a-z]{{2}}"
    r"|(?<=://)(?:[a-z0-9][a-z0-9-]*\.)+[a-z]{2,})(?![\w-]|\.\w)"
)
_ADDRESS = re.compile(r"(?<![\w.])(?!127\.)([1-9]\d{1,2}(?:\.\d{1,3}){3})(?![\w.]|/\d)")
_SHORT_HOST = re.compile(
    rf"(?<![\w./:$#-])(?:\w+@)?({_NO_HOST}[a-z]{{2,}}(?:-[a-z]+)*(?:-\d{{1,3}}|0\d))(?![\w-]|\.\w)"
    r"|\b(?:ssh|ping|telnet)\s+(?:-\S+\s+)*(?:\w+@)?([a-z][\w.-]+)|\w+@([a-z][\w.-]+):"
    r"|(?:--host(?:name)?[= ]|\s-h )([a-z][\w.-]*[a-z0-9])"
)
_ASKED_PERSON = re.compile(rf"\b{_ASKED}\s+({_NAME}(?:\s{_NAME})?)(?=[\s,.;:!?)]|$)")
_KNOWING_PERSON = re.compile(
    rf"\b({_NAME}(?:\s{_NAME})?)(?:'s\b|\s(?:knows|decides|approves|approved|said|says|agreed|is on call|looks after"
    r"|owns|wrote|built|does|did|has the)\b)"
)
_THING = re.compile(
    r"(?: \w+ment|tion|ology|ware|ities|ments)s?\b"
    r"|\b(?:manager|team|desk|service|guide|plan|lead|engineer|officer|group|system|user|project|release|line|support"
    r"|interface|protocol|center|centre|office|board|owner|department|unit|care|procedure|document|section|appendix)s?\b"
)
_HANDLE = re.compile(r"(?<![\w.@/])(@[a-z][\w.-]{1,30})\b(?!/)|(?<![\w:])([\w.+-]+@[\w-]+\.[\w.-]*\w)", re.IGNORECASE)


def _of(*patterns: re.Pattern[str]) -> Callable[[Looked], Iterator[str]]:
    def found(line: Looked) -> Iterator[str]:
        for pattern in patterns:
            for match in pattern.finditer(line.text):
                yield next(filter(None, match.groups()), match[0]).strip()

    return found


def hosts(line: Looked) -> Iterator[str]:
    """Host names and addresses; in a step's `on` and `for each`, every name."""
    if line.kind == "fact" and line.key == "on":
        yield line.text.strip()
        return
    for name in _of(_FULL_HOST, _ADDRESS, _SHORT_HOST)(line):
        if name.rpartition(".")[2] not in _FILES and name != "localhost":
            yield name


def services(line: Looked) -> Iterator[str]:
    """The names of other services; a plain word, such as `search`, counts only where it is no English.

    The name of the service that the plan was copied from counts everywhere.
    """
    text = line.text.casefold()
    for name in line.services:
        if name in text and (line.is_code or not name.isalpha() or name == line.source):
            yield from re.findall(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text)[:1]


def people(line: Looked) -> Iterator[str]:
    """People who are named in prose, and are neither contacts nor groups."""
    if line.is_code:
        return
    for name in _of(_ASKED_PERSON, _KNOWING_PERSON, _HANDLE)(line):
        words = name.casefold().lstrip("@")
        if not {words, *words.split()} & (set(line.known) | _NOBODY) and not _THING.search(words):
            yield name


Looks = Callable[[Looked], Iterator[str]]

KINDS: tuple[tuple[str, str, Looks], ...] = (
    ("copied-version", "the other release's version in another spelling", versions),
    ("copied-ticket", "a ticket", _of(_TICKET)),
    ("copied-date", "a day", _of(_DATE)),
    ("copied-digest", "a commit or a digest", _of(_DIGEST)),
    ("copied-revision", "a revision or a build", _of(_REVISION)),
    ("copied-migration", "a migration", _of(_MIGRATION)),
    ("copied-host", "a host", hosts),
    ("copied-service", "another service", services),
    ("copied-person", "a person who is no contact", people),
)
"""Each rule, what it finds in words, and how; a text that two of them find is told by the first."""
