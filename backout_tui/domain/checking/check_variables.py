"""Whether every variable that is used is set, and every one that is set is used."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from backout_tui.domain.backout.capturing import captured_by
from backout_tui.domain.checking.finding import Finding, finding
from backout_tui.domain.checking.passages import Passage
from backout_tui.domain.plan.loops import ITEM, items_of
from backout_tui.domain.plan.plan import Plan
from backout_tui.domain.shell.names import line_of_use, wanted_names

_FROM_AROUND = frozenset({
    "HOME", "PATH", "USER", "LOGNAME", "PWD", "OLDPWD", "SHELL", "TERM", "LANG", "TZ", "TMPDIR", "EDITOR", "VISUAL",
    "PAGER", "HOSTNAME", "HOST", "IFS", "PPID", "UID", "EUID", "RANDOM", "SECONDS", "LINENO", "OPTARG", "OPTIND",
    "REPLY", "PIPESTATUS", "FUNCNAME", "MAIL", "DISPLAY", "SSH_AUTH_SOCK", "SSH_CONNECTION", "SUDO_USER", "KUBECONFIG",
    "DOCKER_HOST", "COLUMNS", "LINES", "CI", "EPOCHSECONDS", "SHLVL", "OSTYPE", "HOSTTYPE", "MACHTYPE", "_",
})  # fmt: skip
_FAMILIES = ("LC_", "XDG_", "BASH", "AWS_", "PG", "MYSQL_", "VAULT_", "GOOGLE_", "CLOUDSDK_", "AZURE_", "GIT_", "SSH_",
             "KUBE", "DOCKER_", "HELM_", "ANSIBLE_", "TF_", "CONSUL_", "NOMAD_", "REDIS", "HTTP", "HTTPS_", "NO_PROXY",
             "JAVA_", "SSL_", "CURL_")  # fmt: skip
_URL = re.compile(r"\burl=(\w+)")


def about_variables(plan: Plan, scripts: Collection[Passage], passages: Collection[Passage]) -> Iterator[Finding]:
    """no-value, unset-variable, unused-variable."""
    for one in plan.variables:
        if not one.value and not one.flag:
            message = f"{one.name} has no value: give it one, or write `- {one.name} (asked at start)`"
            yield finding("no-value", one.line, f"variable {one.name}", message)
    yield from _unset(plan, scripts)
    yield from _unused(plan, passages)


def _unset(plan: Plan, scripts: Collection[Passage]) -> Iterator[Finding]:
    declared = frozenset([*(one.name for one in plan.variables), *captured_by(plan)])
    looped = {f"step {step.number}" for loop in plan.every_step() if items_of(loop) for step in loop.with_children()}
    for script in scripts:
        given = declared | {ITEM} if script.item in looped else declared
        for name in sorted(wanted_names(script.text, given)):
            if not _is_given(name):
                message = f"nothing sets {name}: add `- {name}: value` to `## Variables`, or set it in the command"
                line = script.line + line_of_use(script.text, name) - 1 if script.line else 0
                yield finding("unset-variable", line, script.item, message)


def _is_given(name: str) -> bool:
    """Whether a variable comes from the environment, or is one that a program looks up itself."""
    return name in _FROM_AROUND or (name.isupper() and name.startswith(_FAMILIES))


def _unused(plan: Plan, passages: Collection[Passage]) -> Iterator[Finding]:
    if not plan.variables:
        return
    text = "\n".join(f"{one.text}" for one in passages)
    urls = {name for block in _infos(plan) for name in _URL.findall(block)}
    for one in plan.variables:
        if one.name not in urls and not _is_given(one.name) and not _mentions(text, one.name):
            message = f"nothing uses {one.name}: take it out, or write `${one.name}` where its value is meant"
            yield finding("unused-variable", one.line, f"variable {one.name}", message)


def _infos(plan: Plan) -> Iterator[str]:
    for step in plan.every_step():
        yield from (block.info for block in step.blocks)
    for check in plan.checks:
        yield from (block.info for block in check.blocks)


def _mentions(text: str, name: str) -> bool:
    """Whether `text` uses the variable. A name in capitals may also stand bare, for a step that is done by hand."""
    quoted = re.escape(name)
    bare = rf"|\b{quoted}\b" if name.isupper() else ""
    return re.search(rf"\$(?:\{{[!#]?)?{quoted}\b|\{{{quoted}\}}{bare}", text) is not None
