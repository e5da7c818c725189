"""What a script wants from outside, compared with what the shells themselves say with `-u`."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backout_tui.domain.shell.names import wanted_names

NAMES = st.sampled_from(["A", "B", "C"])
SETS = st.sampled_from([
    "{0}=1", "export {0}=1", "{0}=$(echo 1)", "read {0} <<E\n1\nE", ": ${{{0}:=1}}", "for {0} in 1; do :; done",
    "if true; then {0}=1; fi", "case x in x) {0}=1;; esac", "f() {{ {0}=1; }}; f", "{{ {0}=1; }}", "true && {0}=1",
])  # fmt: skip
USES = st.sampled_from([
    "echo ${0}", 'echo "${{{0}}}x"', "echo '${0}'", "echo \\${0}", "echo ${{{0}:-x}}", "echo ${{{0}+x}}",
    "echo ${{#{0}}}",
    "{0}=1 true ${0}", "echo x # ${0}", "cat <<E\nit's ${0}\nE", "cat <<'E'\n${0}\nE", "echo $(echo ${0})",
    "echo \"$(echo '${0}')\"", "echo `echo ${0}`", "awk '{{\n print ${0} }}' </dev/null", "echo ${{{0}%x*}}",
    "echo ${{{0}:+${0}}}", 'echo "a\'${0}\'b"', "true {0}=2 ${0}", "echo ${{Z:-${0}}}",
])  # fmt: skip
UNSET = re.compile(r"(\w+): (?:parameter not set|unbound variable)")


@pytest.mark.parametrize("shell", [one for one in ("dash", "bash") if shutil.which(one)])
@settings(deadline=None, max_examples=40)
@given(
    sets=st.lists(st.tuples(SETS, NAMES), max_size=2),
    uses=st.lists(st.tuples(USES, NAMES), min_size=1, max_size=3),
)
def test_what_a_shell_finds_unset_is_wanted_and_nothing_is_wanted_where_it_finds_nothing(
    shell: str, sets: list[tuple[str, str]], uses: list[tuple[str, str]]
) -> None:
    script = "\n".join(form.format(name) for form, name in (*sets, *uses))
    done = subprocess.run(
        [shell, "-u", "-c", script], env={"PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=False
    )
    unset = set(UNSET.findall(done.stderr))
    assert unset <= wanted_names(script), done.stderr
    if not unset:
        assert wanted_names(script) == set(), done.stderr
