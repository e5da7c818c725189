"""What of an operator's environment a command gets: all but what makes a shell read the same text differently."""

from __future__ import annotations

from collections.abc import Mapping

READ_BY_SHELLS = frozenset({
    "CDPATH",  # `cd deploy` goes elsewhere, and prints where
    "BASH_ENV", "ENV",  # files that are run first
    "SHELLOPTS", "BASHOPTS", "BASH_COMPAT", "POSIXLY_CORRECT", "POSIX_PEDANTIC",  # options: `noexec` runs nothing
    "GLOBIGNORE", "GLOBSORT", "EXECIGNORE", "BASH_LOADABLES_PATH",  # what `*` names, and which programs are found
    "IFS", "OPTIND", "OPTERR", "TMOUT",  # how words are split, options counted, and when `read` gives up
    "PS1", "PS2", "PS3", "PS4", "BASH_XTRACEFD", "TIMEFORMAT",  # printed; `set -x` also runs what PS4 holds
})  # fmt: skip
"""The variables that a shell itself reads. PATH and HOME are handed on: programs need them."""

_FUNCTIONS = ("BASH_FUNC_", "__BASH_FUNC")  # exported functions, which stand in the way of programs
_OURS = "BACKOUT_"


def handed_on(environment: Mapping[str, str]) -> dict[str, str]:
    """What a command gets of `environment`, so that one text does the same under every operator."""
    return {
        name: value
        for name, value in environment.items()
        if name not in READ_BY_SHELLS and not name.startswith((_OURS, *_FUNCTIONS))
    }
