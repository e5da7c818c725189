"""Programs that want a terminal, a password or an answer, and the options with which they don't."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from msgspec import Struct

TERMINAL, PASSWORD, ANSWER, PROMPT = "a terminal", "a password", "an answer", "somebody at its prompt"
Found = tuple[str, str, str] | None
"""What is written, what it wants, and what to write instead or ""."""

_EDITORS = frozenset({
    "vi", "vim", "nvim", "view", "nano", "pico", "emacs", "joe", "mcedit", "micro", "ed", "visudo", "vipw", "vimdiff",
})  # fmt: skip
_SCREENS = frozenset({
    "htop", "atop", "btop", "glances", "k9s", "lazygit", "dialog", "whiptail", "stty", "cfdisk", "ncdu", "mc", "tig",
})  # fmt: skip
_PAGERS = frozenset({"less", "more", "most", "man"})
_PASSWORDS = frozenset({"passwd", "kinit", "smbpasswd", "htpasswd", "ssh-copy-id"})


class _Quiet(Struct, frozen=True):
    """Programs that ask before they do one of `verbs`, unless an option matches `quiet`."""

    programs: frozenset[str]
    verbs: frozenset[str]
    quiet: str
    instead: str


_QUIET = (
    _Quiet(
        frozenset({"apt", "apt-get", "aptitude"}),
        frozenset({"install", "remove", "purge", "upgrade", "dist-upgrade", "full-upgrade", "autoremove", "reinstall"}),
        r"-[a-zA-Z]*y[a-zA-Z]*|-qq|--yes|--assume-yes|-[a-z]*s|--simulate|--dry-run|-d|--download-only",
        "-y",
    ),
    _Quiet(
        frozenset({"yum", "dnf", "microdnf", "tdnf"}),
        frozenset({"install", "remove", "erase", "update", "upgrade", "downgrade", "reinstall", "autoremove", "swap"}),
        r"-[a-z]*y[a-z]*|--assumeyes|--assumeno|--downloadonly",
        "-y",
    ),
    _Quiet(
        frozenset({"zypper"}),
        frozenset({"install", "in", "remove", "rm", "update", "up", "dup"}),
        r"-n|--non-interactive|-y|--no-confirm",
        "-n",
    ),
    _Quiet(
        frozenset({"terraform", "tofu", "terragrunt"}),
        frozenset({"apply", "destroy"}),
        r"--?auto-approve(?:=true)?|--?input=false|--(?:terragrunt-)?non-interactive|[^-=]*\.?(?:plan|tfplan|out)",
        "-auto-approve",
    ),
    _Quiet(frozenset({"pulumi"}), frozenset({"up", "update", "destroy", "refresh"}), r"-y|--yes", "--yes"),
    _Quiet(frozenset({"cdk"}), frozenset({"destroy"}), r"-f|--force", "--force"),
    _Quiet(frozenset({"flatpak"}), frozenset({"uninstall"}), r"-y|--assumeyes|--noninteractive", "-y"),
    _Quiet(frozenset({"gh"}), frozenset({"delete"}), r"-y|--yes|--confirm", "--yes"),
    _Quiet(frozenset({"docker", "podman", "nerdctl"}), frozenset({"prune"}), r"-[a-z]*f[a-z]*|--force", "--force"),
    _Quiet(frozenset({"php"}), frozenset({"artisan"}), r"--force|(?!migrate|db:)[a-z][\w:-]*|-v+|-V", "... --force"),
    _Quiet(frozenset({"manage.py", "python", "python3"}), frozenset({"flush"}), r"--no-?input", "--noinput"),
)
_PROMPTS = {
    **dict.fromkeys(
        ("bash", "sh", "dash", "zsh", "ksh", "fish"), (r"-\w*[cs]\w*|[^-].*|--\w*version|--help", "-c COMMAND")
    ),
    **dict.fromkeys(("python", "python3", "node", "irb", "ruby", "perl"), (r".+", "FILE")),
    "psql": (r"-\w*[cflVL?]\w*|--(?:command|file|list|version|help)\b.*|-\w*[cf].*", "-c COMMAND"),
    **dict.fromkeys(("mysql", "mariadb"), (r"-\w*[eV]\w*|--(?:execute|version|help)\b.*|-e.*", "-e COMMAND")),
    **dict.fromkeys(("mongosh", "mongo"), (r"--eval\b.*|--file\b.*|-f|.*\.js|--version|--help", "--eval COMMAND")),
    "sftp": (r"-\w*b\w*|-V", "-b FILE"),
    "redis-cli": (r".+", "COMMAND"),
    "sqlplus": (r"@.+|-[vVhH]", "@FILE"),
    "telnet": ("", ""),
    "mysql_secure_installation": ("", ""),
}
"""Programs that read from a prompt, unless a word matches: what that is, and what to write."""
_OPENS_EDITOR = (
    ("kubectl edit", r"(?:kubectl|oc) (?:-n ?\S+ |--\S+ )*edit\b.*", "`kubectl patch`, or `kubectl apply -f FILE`"),
    ("crontab -e", r"crontab (?:-u \S+ )?-e\b.*", "`crontab FILE`"),
    ("systemctl edit", r"systemctl (?:--\S+ )*edit\b(?!.*--stdin).*", "a file in /etc/systemd/system"),
    ("ansible-vault edit", r"ansible-vault (?:edit|create)\b.*", ""),
    ("git rebase -i", r"git (?:-C \S+ )?rebase\b.* (?:-i|--interactive)\b.*", ""),
    ("git add -p", r"git (?:-C \S+ )?(?:add|checkout|reset|restore|stash)\b.* (?:-[pi]|--patch|--interactive)\b.*", ""),
)
_LOGINS = (
    ("docker login", r"(?:docker|podman|nerdctl|oras) login\b(?!.* (?:--password|-p|-u \S+ -p)).*",
     "`docker login --password-stdin`"),
    ("helm registry login", r"helm registry login\b(?!.* --password|.* -p).*", "`--password-stdin`"),
    ("az login", r"az login\b(?!.* --(?:service-principal|identity|federated-token)).*", "`az login --identity`"),
    ("gcloud auth login", r"gcloud auth login\b(?!.* --cred-file).*", "`gcloud auth activate-service-account`"),
    ("aws configure", r"aws (?:--\S+ \S+ )*configure(?: (?:sso|--\S+).*)?", "`aws configure set`"),
    ("aws sso login", r"aws (?:--\S+ \S+ )*sso login\b.*", ""),
    ("gh auth login", r"gh auth login\b(?!.* --with-token).*", "`gh auth login --with-token <FILE`"),
    ("npm login", r"(?:npm|yarn|pnpm) (?:login|adduser)\b.*", ""),
    ("ansible -K", r"ansible(?:-playbook)? .*(?:-K|-k|--ask-become-pass|--ask-pass|--ask-vault-pass)\b.*",
     "`--become-password-file`"),
)  # fmt: skip
_MYSQL = frozenset({"mysql", "mariadb", "mysqldump", "mariadb-dump", "mysqladmin", "mysqlimport"})
_POSTGRES = frozenset(
    {"psql", "pg_dump", "pg_dumpall", "pg_restore", "createdb", "dropdb", "pg_basebackup", "vacuumdb"}
)
_ASKS_EACH = frozenset({"rm", "cp", "mv", "ln"})


def asked_by(plain: Sequence[str], *, fed: bool) -> Found:
    """What the command `plain` wants of a person; None for nothing. `fed`: something answers it through its input."""
    program = plain[0].rpartition("/")[2]
    if program in _EDITORS or program in _SCREENS:
        return program, TERMINAL, ""
    if program in _PAGERS:
        return program, TERMINAL, "`cat`"
    if program in _PASSWORDS and not fed:
        return _password_of(program, plain)
    words = " ".join((program, *plain[1:]))
    for what, form, instead in _OPENS_EDITOR:
        if re.fullmatch(form, words, re.DOTALL):
            return what, TERMINAL, instead
    for what, form, instead in _LOGINS:
        if not fed and re.fullmatch(form, words, re.DOTALL):
            return what, PASSWORD, instead
    rule = _BY_PROGRAM.get(program)
    found = rule(program, plain, fed) if rule else None
    return found or (None if fed else _asks(program, plain) or _prompts(program, plain))


def _password_of(program: str, plain: Sequence[str]) -> Found:
    known = {"kinit": r"-\w*[kt]\w*|-R|-V", "htpasswd": r"-\w*[bvDi]\w*", "passwd": r"-\w*[lduSe]\w*|--stdin|--\w+"}
    options = known.get(program)
    quiet = options and any(re.fullmatch(options, word) for word in plain[1:])
    return None if quiet else (program, PASSWORD, "`chpasswd <FILE`" if program == "passwd" else "")


def _asks(program: str, plain: Sequence[str]) -> Found:
    """A question that can be answered beforehand."""
    for row in _QUIET:
        if program in row.programs and (verb := next((word for word in plain[1:] if word in row.verbs), "")):
            others = [word for word in plain[1:] if word != verb]
            if not any(re.fullmatch(row.quiet, word) for word in others):
                return f"{program} {verb}", ANSWER, f"`{program} {verb} {row.instead}`"
    if program in _ASKS_EACH:
        option = next((word for word in plain[1:] if re.fullmatch(r"-[A-Za-z]*[iI]|--interactive(?:=\w+)?", word)), "")
        return (f"{program} {option}", ANSWER, f"`{program}` without it") if option else None
    return None


def _prompts(program: str, plain: Sequence[str]) -> Found:
    """A prompt at which nobody types: the program ends at once, has done nothing, and says that all is well."""
    if program not in _PROMPTS:
        return None
    busy, instead = _PROMPTS[program]
    if busy and any(re.fullmatch(busy, word) for word in plain[1:]):
        return None
    return program, PROMPT, f"`{program} {instead}`" if instead else ""


def _sudo(program: str, plain: Sequence[str], _: bool) -> Found:
    quiet = r"-[A-Za-z]*[nSAVlKk][A-Za-z]*|--(?:non-interactive|stdin|askpass|version|list|reset-timestamp)"
    for word in plain[1:]:
        if not word.startswith("-"):
            break
        if re.fullmatch(quiet, word):
            return None
    return program, PASSWORD, f"`{program} -n`, which fails at once instead"


def _su(program: str, plain: Sequence[str], fed: bool) -> Found:
    runs = any(re.fullmatch(r"-\w*c|--command(?:=.*)?|--session-command.*", word) for word in plain[1:])
    return (program, PASSWORD, "`sudo -n -u USER`") if runs or fed else (program, TERMINAL, "`sudo -n -u USER COMMAND`")


def _ssh(_: str, plain: Sequence[str], fed: bool) -> Found:
    at = 1
    while at < len(plain) and plain[at].startswith("-"):
        if plain[at] == "-t":
            return "ssh -t", TERMINAL, "`ssh` without it"
        if re.fullmatch(r"-[A-Za-z0-9]*[NfGVQOW][A-Za-z0-9]*", plain[at]):
            return None
        at += 2 if re.fullmatch(r"-[A-Za-z0-9]*[BbcDEeFIiJLlmopRSw]", plain[at]) else 1
    no_command = at < len(plain) and at + 1 >= len(plain)
    return ("ssh without a command", TERMINAL, "`ssh HOST COMMAND`") if no_command and not fed else None


def _container(program: str, plain: Sequence[str], _: bool) -> Found:
    verbs = ("run", "exec", "create", "attach")
    at = next((at for at, word in enumerate(plain) if word in verbs), 0)
    if not at:
        return None
    words = iter(plain[at + 1 :])
    for word in words:
        if not word.startswith("-"):
            break  # the image or the container: what follows is another program's
        if re.fullmatch(r"-[ditPqT]*t[ditPqT]*|--tty(?:=true)?", word):
            return f"{program} {plain[at]} {word}", TERMINAL, f"`{program} {plain[at]}` without `-t`"
        if "=" not in word and word not in _SWITCHES and not re.fullmatch(r"-[ditPqT]+", word):
            next(words, "")
    return None


_SWITCHES = frozenset({
    "--rm", "--init", "--privileged", "--read-only", "--detach", "--interactive", "--no-healthcheck", "--quiet",
    "--publish-all", "--no-deps", "--service-ports", "--no-TTY", "--no-tty", "--oom-kill-disable", "--build",
})  # fmt: skip


def _cluster(program: str, plain: Sequence[str], _: bool) -> Found:
    verb = next((word for word in plain[1:] if word in ("exec", "run", "attach", "debug")), "")
    if not verb:
        return None
    for word in plain[plain.index(verb) + 1 :]:
        if word == "--":
            break
        if re.fullmatch(r"-[iqt]*t[iqt]*|--tty(?:=true)?", word):
            return f"{program} {verb} {word}", TERMINAL, f"`{program} {verb}` without `-t`"
    return None


def _database(program: str, plain: Sequence[str], _: bool) -> Found:
    if program in _MYSQL:
        asks = next((word for word in plain[1:] if word in ("-p", "--password")), "")
        return (f"{program} {asks}", PASSWORD, "`MYSQL_PWD` as a secret of the plan") if asks else None
    asks = next((word for word in plain[1:] if word in ("-W", "--password")), "")
    return (f"{program} {asks}", PASSWORD, "`PGPASSWORD` as a secret of the plan") if asks else None


def _git(_: str, plain: Sequence[str], __: bool) -> Found:
    words = plain[1:]
    said = r"-[a-zA-Z]*[mFCc].*|--(?:message|file|no-edit|reuse-message|fixup|squash|allow-empty-message|dry-run)\b.*"
    if words[:1] == ["commit"] and not any(re.fullmatch(said, word) for word in words[1:]):
        return "git commit without -m", TERMINAL, "`git commit -m TEXT`, or `--no-edit`"
    if words[:1] == ["tag"] and any(re.fullmatch(r"-[as]", word) for word in words) and "-m" not in words:
        return "git tag -a without -m", TERMINAL, "`git tag -a NAME -m TEXT`"
    return None


def _multiplexer(program: str, plain: Sequence[str], _: bool) -> Found:
    beside = r"-[a-zA-Z]*d[a-zA-Z]*|-ls|-list|-X|-Q|-wipe|kill-\S+|send\S*|has\S*|ls|list-\S+|capture-pane|-V|set\S*"
    quiet = any(re.fullmatch(beside, word) for word in plain[1:])
    return None if quiet else (program, TERMINAL, "`tmux new -d`" if program == "tmux" else "`screen -dm`")


_Rule = Callable[[str, Sequence[str], bool], Found]
_BY_PROGRAM: dict[str, _Rule] = {
    "sudo": _sudo,
    "doas": _sudo,
    "su": _su,
    "ssh": _ssh,
    "git": _git,
    "screen": _multiplexer,
    "tmux": _multiplexer,
    **dict.fromkeys(("docker", "podman", "nerdctl", "docker-compose", "podman-compose"), _container),
    **dict.fromkeys(("kubectl", "oc", "k", "k3s", "microk8s"), _cluster),
    **dict.fromkeys((*_MYSQL, *_POSTGRES), _database),
}

_NAMES = (
    _EDITORS | _SCREENS | _PAGERS | _PASSWORDS | {"edit", "login", "configure", "ansible", "sudo", "doas", "su", "ssh"}
)
_NAMES |= {"commit", "tag", "screen", "tmux", "crontab", *_PROMPTS, *(name for row in _QUIET for name in row.programs)}
WORTH_A_LOOK = re.compile(
    rf"\b(?:{'|'.join(sorted(_NAMES))})\b|\s-[A-Za-z]*[tpWiI]\b|\s--(?:tty|password|interactive|patch)"
)
"""What every script has in which a command asks, besides the shell's own commands that do."""
