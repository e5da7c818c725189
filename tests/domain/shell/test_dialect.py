"""Another shell's words in an `sh` fence: found where a shell would read them, and nowhere else."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from backout_tui.domain.shell.dialect import foreign_words

FOREIGN = {
    'if [[ "$V" == 1.9.* ]]; then echo old; fi': "[[",
    "foo && [[ a ]]": "[[",
    "! [[ a ]]": "[[",
    "source ./env": "source",
    "echo `source x`": "source",
    "function f {\n echo\n}": "function",
    "function f() { echo; }": "function",
    "a=(1 2 3)": "NAME=(...)",
    "a+=(4)": "NAME=(...)",
    "a[0]=x": "NAME=(...)",
    'echo "${a[@]}"': "${NAME[...]}",
    "echo ${#a[@]}": "${NAME[...]}",
    "declare -A m": "declare",
    "typeset -i n": "typeset",
    "let x=1": "let",
    "shopt -s nullglob": "shopt",
    "mapfile -t l <f": "mapfile",
    "pushd /tmp": "pushd",
    "select x in a b; do echo; done": "select",
    "coproc x": "coproc",
    "set -euo pipefail": "set -o pipefail",
    "set -e -o pipefail": "set -o pipefail",
    "set -E": "set -E",
    'read -p "Sure? " x <f': "read -p",
    "read -ra words <f": "read -ra",
    "read <f": "read without a name",
    "cmd &>log": "&>",
    "cmd &>>log": "&>>",
    "cmd >& log": ">&FILE",
    "cmd |& tee log": "|&",
    'grep x <<<"$1"': "<<<",
    "exec 200>lock": "200>",
    "exec {fd}>lock": "exec {fd}>",
    "diff <(a) <(b)": "<(...)",
    "exec > >(tee log)": ">(...)",
    "while read -r l; do echo; done < <(cmd)": "<(...)",
    "x=$(<file)": "$(<FILE)",
    "x=1; echo ${x//a/b}": "${NAME/...}",
    'x=1; echo "${x/a/b}"': "${NAME/...}",
    "x=1; echo ${x:1:2}": "${NAME:N}",
    "x=1; echo ${x^^}": "${NAME^^}",
    "x=1; echo ${!x}": "${!...}",
    "x=1\ncat <<EOF\n${x//a/b}\nEOF": "${NAME/...}",
    "echo $'a\\tb'": "$'...'",
    "echo $((i++))": "++, -- or ** in $((...))",
    "echo $((2**3))": "++, -- or ** in $((...))",
    "((i++))": "((...))",
    "if ((x > 1)); then echo; fi": "((...))",
    "for ((i=0; i<3; i++)); do echo; done": "for ((...))",
    "for i in {1..5}; do echo $i; done": "{A..B}",
    "cp x{,.bak}": "{A,B}",
    '[ "$1" == b ]': "[ ... ==",
    "test a =~ b": "test ... =~",
    "[ -v X ]": "[ -v",
    "x+=1": "NAME+=...",
    'echo -e "a\\n"': "echo -e",
    "printf -v x %s a": "printf -v",
    "printf '%q' a": "printf %q",
    "trap 'x' ERR": "trap ... ERR",
    "trap x SIGINT": "trap ... SIGINT",
    "kill -SIGTERM 1": "kill -SIGTERM",
    "export -f f": "export -f",
    "local -r x=1": "local -r",
    "type -t x": "type -t",
    "wait -n": "wait -n",
    "case $1 in a) echo;& b) echo;; esac": ";&",
    'echo "$UID"': "$UID",
    "setopt nullglob": "setopt",
    "setenv A b": "setenv",
}

OF_SH = [
    ". ./env", "f() { echo; }", "# source x; [[ a ]]", 'echo "[[ x ]] {a,b} &> <(x)"', "echo '${x//a/b}'",
    'echo "\\${x//a/b}"', "cat <<'EOF'\n[[ a ]]\n${x//a/b}\nEOF", "cat <<EOF\n[[ a ]]\nsource x &> y\nEOF",
    "bash <<'EOF'\nset -o pipefail\n[[ a ]]\nEOF", 'bash -c "[[ a ]] && source x"', "ssh h 'source x; [[ -f x ]]'",
    "echo source function [[ ]]", "for x in source function select; do echo $x; done", "cmd >log 2>&1", "cmd >&2",
    "case $1 in source) echo;; function|[[:digit:]]*) echo;; esac", "case $1 in\n source)\n echo;;\n let) echo;;\nesac",
    "cmd 2>&-", "cmd >&$fd", 'cmd >&"$fd"',
    "cmd & \n>log", "echo ${x:-a/b} ${x:=1} ${x:+y} ${x:?no} ${x%/*} ${x##*/} ${#x} ${1:-x}",
    'echo $# $* "$@" ${@} ${*} $! "${!}" ${#} $$ $-', "find . -name x -exec rm {} +", "curl http://x/{a,b}",
    "docker ps --format {{.Names}},{{.ID}}", "kubectl get -o jsonpath={.a,.b}", "git show HEAD@{1}",
    "awk '{print $1, $2}'", 'awk "{print \\$1, \\$2}"', "((cat a; cat b) | sort)", "( (cat a) )", "x=$(( (1+2) * 3 ))",
    "x=$((x - -1))", "set -eu", "set -- a -o pipefail", "set +e", "set -o errexit", "trap 'rm x' EXIT INT TERM",
    "kill -TERM 1", "kill -s TERM 1", "export A=1 B=2", "export -p", "local x=1", "read -r a b <f", "echo -n x",
    'echo "-e"', '[ -n "$1" ] && [ "$1" != b ]', '[ "$1" = "==" ]', "wait $!", "exec 3<f", "exec >log 2>&1",
    'source() { . "$1"; }\nsource x', "echo ${UID:-0}", "UID=3; echo $UID", "x=$(cat <file)", "sed 's/a{1,2}/b/' f",
    "grep -E 'a{1,2}' f", "echo a{b} {} { }", "{ a; b; }", "python3 - <<EOF\nx = {1,2}\nEOF", 'grep "a$[bc]" f',
    "command -v x >/dev/null 2>&1", "while read -r l; do echo; done <f", "jq .a[0]", "a[b]", "x=a==b", "echo '=='",
]  # fmt: skip


@pytest.mark.parametrize("script", FOREIGN)
def test_another_shells_word_is_found_in_its_line(script: str) -> None:
    found = list(foreign_words(f"true\n{script}"))
    assert FOREIGN[script] in [one.what for one in found]
    assert all(2 <= one.line <= 2 + script.count("\n") for one in found)


@pytest.mark.parametrize("script", OF_SH)
def test_what_sh_knows_and_what_it_does_not_read_is_not_found(script: str) -> None:
    assert list(foreign_words(script)) == []


@pytest.mark.parametrize("script", [one for one in FOREIGN if FOREIGN[one] not in ("setopt", "setenv")])
def test_bash_knows_its_own_words(script: str) -> None:
    assert list(foreign_words(script, shell="bash")) == []


def test_a_word_of_neither_shell_is_found_in_both() -> None:
    assert [(one.what, one.whose) for one in foreign_words("setopt x", shell="bash")] == [("setopt", "zsh's")]


def test_a_variable_of_bash_that_the_plan_sets_is_the_plans() -> None:
    assert list(foreign_words("echo $SECONDS", given=frozenset({"SECONDS"}))) == []


def test_each_is_found_once_in_a_line_and_again_in_the_next() -> None:
    found = list(foreign_words("[[ a ]] && [[ b ]]\n[[ c ]]"))
    assert [one.line for one in found] == [1, 2]


_DIFFERS = [
    "if [[ 1.9.0 == 1.9.* ]]; then echo old; else echo new; fi", "set -- 1; function f { echo; }; f", "a=(1 2); echo",
    "echo a &>/dev/null; wait; echo", "cat <<<a", "cat <(echo a)", "x=aab; echo ${x//a/b}",
    "x=abc; echo ${x:1:1}", "x=abc; echo ${x^^}", "y=1; x=y; echo ${!x}", "echo $'a\\tb'", "i=1; echo $((i++))",
    "echo $((2**3))", "echo {1..3}", "echo a{b,c}", "[ a == a ]", "x=a; x+=b; echo $x", "echo -e 'a\\tb'",
    "printf '%q' 'a b'", "trap 'echo' ERR", "trap 'echo' SIGUSR1", "echo ${UID}", "x=$(</etc/hostname); echo $x",
    "((1)) && echo yes", "let x=1", "declare x=1; echo $x", "source /dev/null", "exec 200>/dev/null; echo",
    "type -t echo",
    "pushd /", "echo a |& cat", "(kill -SIGTERM $$)", "mapfile x </dev/null",
    "read </etc/hostname", "shopt -s nullglob",
]  # fmt: skip


@pytest.mark.skipif(shutil.which("dash") is None, reason="needs dash, the `sh` of Debian")
@pytest.mark.parametrize("script", _DIFFERS)
def test_what_is_found_really_does_something_else_in_a_small_shell(script: str) -> None:
    def done(shell: str) -> tuple[int, bytes]:
        ran = subprocess.run([shell, "-c", script], capture_output=True, stdin=subprocess.DEVNULL, check=False)
        return ran.returncode, ran.stdout

    assert list(foreign_words(script))
    assert done("dash") != done("bash")
