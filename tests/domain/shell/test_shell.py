"""What is understood of shell scripts: which cannot fail, which never end, which names they want."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backout_tui.domain.shell.dialect import foreign_words
from backout_tui.domain.shell.early_pipes import closed_early
from backout_tui.domain.shell.endless import endless
from backout_tui.domain.shell.failing import can_fail
from backout_tui.domain.shell.names import wanted_names
from backout_tui.domain.shell.shell_commands import commands_of
from backout_tui.domain.shell.wanting import asking
from backout_tui.domain.shell.words import blanks_after_backslash, words_of

SCRAPS = st.lists(st.sampled_from([*"'\"\\$`(){};&|<>#\n \t=!a", "if ", "done", "<<E", "$(", "${", "tail -f "]))


@pytest.mark.parametrize(
    "script",
    [
        "test -e x", "cat x", "A=$(foo)", "! grep x y", "test -e x && echo ok", "exit 3", "foo\nexit 0", "a | grep b",
        "if curl x; then echo ok; else exit 1; fi", "for i in 1 2; do curl x && break; done", "foo; echo done",
        "kubectl get pods", "true && foo", "false || foo", "x | awk '{ exit 1 }'",
    ],
)  # fmt: skip
def test_a_script_that_can_fail(script: str) -> None:
    assert can_fail(script, pipefail=False)


@pytest.mark.parametrize(
    "script",
    [
        "echo ok", "curl -f x || true", "curl -f x || echo bad", "curl x | tee log", "foo | head -1",
        "test -e x && echo ok; echo done", "if curl x; then echo ok; else echo bad; fi", "set +e\nfoo\necho done",
        "foo &\necho x", ":", "cat x || :", "exit 0", "(foo || true)", "date; echo $(foo)",
    ],
)  # fmt: skip
def test_a_script_that_cannot_fail(script: str) -> None:
    assert not can_fail(script, pipefail=False)


def test_bash_is_run_so_that_any_part_of_a_pipe_fails_it() -> None:
    assert can_fail("curl x | tee log", pipefail=True)
    assert not can_fail("echo x | tee log", pipefail=True)


@pytest.mark.parametrize(
    "script",
    [
        "tail -f x", "tail -100f x", "tail --follow=name x", "sudo -u a journalctl -fu web", "sudo -n tail -f x",
        "kubectl -n a logs -f x",
        "kubectl get pods -w", "oc get pods --watch", "docker compose logs --follow web", "watch ls", "ping host",
        "kubectl port-forward svc/x 1:2", "while true; do sleep 1; done", "while :; do echo; done", "sleep infinity",
        "until false\ndo\n  x\ndone", "ssh -p 22 host 'tail -f y'", "bash -c 'tail -f y'",
        "nc -lk 80",
        "top",
        "kubectl exec x -- tail -F y", "echo a && tail -f x", "docker stats", "aws logs tail g --follow",
    ],
)  # fmt: skip
def test_a_command_that_never_ends(script: str) -> None:
    ((line, what),) = endless(f"echo first\n{script}")
    assert line >= 2
    assert what


@pytest.mark.parametrize(
    "script",
    [
        "tail -n 5 x", "tail -f x &", "(tail -f x) &", "timeout 30 tail -f x",
        "kubectl rollout status -w x", "top -b -n 1",
        "kubectl get -w pods | head -1", "journalctl -f | grep -m1 ready", "ping -c 3 host", "yes | head -1",
        "while true; do test -e x && break; sleep 1; done", "kubectl apply -f x.yaml", "docker run -f x", "sleep 5",
        "echo 'tail -f x'", "# tail -f x", "kubectl port-forward svc/x 1:2 &\ncurl x", "tail -f x --pid=7",
        "cat <<EOF\ntail -f x\nEOF", "kubectl get pods --watch=false", "docker stats --no-stream",
    ],
)  # fmt: skip
def test_a_command_that_ends(script: str) -> None:
    assert list(endless(script)) == []


@pytest.mark.parametrize(
    ("script", "names"),
    [
        ('echo "$A ${B}"', {"A", "B"}),
        ("echo '$A' \\$B", set()),
        ("A=1; echo $A", set()),
        ("export A=1 B; echo $A $B", {"B"}),
        ("for i in 1 2; do echo $i $J; done", {"J"}),
        ("while read -r a b; do echo $a $b; done", set()),
        ("echo ${A:-x} ${B:+y} ${C-z}", set()),
        ("echo ${A:?missing} ${#B} ${C%x}", {"A", "B", "C"}),
        ("echo $1 $@ $# $? $$ $!", set()),
        (". ./env.sh; echo $A", set()),
        ("printf -v A x; mapfile -t L; echo $A $L", set()),
        ("cat <<'EOF'\n$A\nEOF\necho $B", {"B"}),
        ("f() { local x=$1; echo $x; }", set()),
        ("for ((n=0; n<3; n++)); do echo $n; done", set()),
        ("x=$(date) && echo $x", set()),
        ("A+=1; echo $A", set()),
        ("echo a # $A", set()),
        ("make A=$A", {"A"}),
        ("kubectl set env deploy/x A=$A && echo $A", {"A"}),
        ("A=1 ./deploy $A", {"A"}),
        ("echo ${A:-x} $A", {"A"}),
        ("echo ${A:=x} $A", set()),
        ("run ${A:+--tag $A} ${B-$C}", {"C"}),
        ('[ -n "$A" ] && echo set', set()),
        ('if [ -z "${A}" ]; then echo no; fi', set()),
        ('[[ -n $A && -n "$B" ]]; test "$C"', set()),
        ('[ -n "$A" ] || echo none; rm -rf "$A/data"', {"A"}),
        ('[ "$A" = prod ] && echo yes', {"A"}),
        ("awk '{\n  print $NF, $A\n}' f", set()),
        ("cat <<EOF\nit's $A\nEOF\necho '$B'", {"A"}),
        ("echo \"$(awk '{print $A}' f) $(cat $B)\"", {"B"}),
        ("echo $(( $(date +%s) - A + ${#B} ))", {"A", "B"}),
        ('eval "$(cat x)"; echo $A', set()),
        ("command . ./env; echo $A", set()),
        ("case $1 in a) A=1;; esac; echo $A", set()),
        ("f() { A=1; }\nf; echo $A", set()),
        ("function f { A=1; }; f; echo $A", set()),
        ("(( n = 1, m++ )); echo $n $m", set()),
        ("exec {log}>x; echo >&$log", set()),
        ("A=(x y); echo ${A[@]} ${!A*}", set()),
        ("echo `hostname $A`", {"A"}),
        ("ssh host 'rm $A' \"rm \\$B $C\"", {"C"}),
        ("while IFS= read -r line; do echo $line; done", set()),
        ("declare -A A; A[x]=1; echo ${A[x]} ${A[$B]}", {"B"}),
    ],
)
def test_the_names_that_a_script_wants_from_outside(script: str, names: set[str]) -> None:
    assert wanted_names(script) == names


def test_words_are_cut_as_a_shell_cuts_them() -> None:
    words = words_of("A=1 cmd 'it''s' \"y z\" x\\ y >out 2>&1 # no\nnext")
    assert [word.plain for word in words if not word.operator] == [
        "A=1", "cmd", "its", "y z", "x y", "out", "1", "next",
    ]  # fmt: skip
    assert [(one.program, one.line) for one in commands_of("a \\\n b; c\nd")] == [("a", 1), ("c", 2), ("d", 3)]


@given(st.one_of(st.text(), SCRAPS.map("".join)))
def test_no_script_is_too_odd(script: str) -> None:
    commands_of(script)
    list(endless(script))
    wanted_names(script)
    can_fail(script, pipefail=False)
    list(foreign_words(script))
    list(asking(script))
    list(closed_early(script))
    list(blanks_after_backslash(script))


@pytest.mark.parametrize(
    "scrap",
    [
        "while true; do ",
        "$(",
        '"$(',
        "tail -f x | ",
        "<<E ",
        "{ ",
        "a && ",
        "((",
        "a=(",
        "[[ ",
        "<(",
        "f() { read x; ",
        "x | head | ",
        "\\ \n",
        "<<E\n$",
    ],
)
def test_a_long_script_takes_no_longer_than_it_is_long(scrap: str) -> None:
    """Otherwise a plan could hold up whoever only looks at it."""
    script = scrap * 2_000
    begun = time.process_time()
    list(endless(script))
    can_fail(script, pipefail=True)
    wanted_names(script)
    list(foreign_words(script))
    list(asking(script))
    list(closed_early(script))
    list(blanks_after_backslash(script))
    assert time.process_time() - begun < 5
