"""Secrets in output: every form of them is hidden, wherever the stream is cut."""

from __future__ import annotations

import base64
import json
import shlex
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from backout_tui.engine.masking import MASK, Masker, forms_of, masked, why_not_maskable

SECRET = "p4ss/w+rd?é&'x"
VALUES = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cs", "Cn")), min_size=4, max_size=12)


def in_pieces(secrets: list[str], pieces: list[str]) -> str:
    masker = Masker(secrets)
    return "".join(map(masker.feed, pieces)) + masker.finish()


@pytest.mark.parametrize(
    "shown",
    [
        SECRET,
        quote(SECRET, safe=""),
        quote(SECRET),
        quote(SECRET, safe="").lower(),
        quote_plus(SECRET),
        json.dumps(SECRET)[1:-1],
        json.dumps(SECRET, ensure_ascii=False)[1:-1],
        json.dumps(SECRET)[1:-1].replace("/", "\\/"),
        shlex.quote(SECRET)[1:-1],
        SECRET.replace("'", "'\\''"),
        base64.b64encode(SECRET.encode()).decode(),
        base64.b64encode((SECRET + "\n").encode()).decode(),
        base64.urlsafe_b64encode(SECRET.encode()).decode(),
    ],
)
def test_each_form_a_command_may_print_is_hidden(shown: str) -> None:
    text = masked(f"before {shown} after", [SECRET])
    assert text == f"before {MASK} after"


@settings(deadline=None)  # cores are shared
@given(VALUES, st.binary(max_size=7), st.binary(max_size=7), st.booleans())
def test_base64_gives_nothing_away_whatever_is_encoded_around_the_secret(
    secret: str, before: bytes, after: bytes, url: bool
) -> None:
    """Of the encoded secret only characters that also depend on what stands around it may stay: three at most."""
    encode = base64.urlsafe_b64encode if url else base64.b64encode
    value = secret.strip().encode()
    if len(secret.strip()) < 4:
        return
    encoded = encode(before + value + after).decode()
    inner = encoded[-(-8 * len(before) // 6) : 8 * (len(before) + len(value)) // 6]
    assert inner not in masked(encoded, [secret])
    assert MASK in masked(encoded, [secret])


@pytest.mark.parametrize("width", [64, 76])
def test_wrapped_base64_of_a_long_secret_is_hidden(width: int) -> None:
    """`base64` breaks its lines at 76 columns, so a long secret never stands there in one piece."""
    secret = "k" * 50 + "".join(map(str, range(60)))
    encoded = base64.b64encode(secret.encode()).decode()
    wrapped = "\n".join(encoded[at : at + width] for at in range(0, len(encoded), width))
    shown = masked(wrapped, [secret])
    assert not any(encoded[at : at + 12] in shown for at in range(len(encoded) - 12))


def test_each_line_of_a_secret_of_several_lines_is_hidden() -> None:
    """A key that a command prints indented, or line by line, is still a key."""
    key = "-----BEGIN KEY-----\nMIIEvQIBADANBgkq\nhkiG9w0BAQEFAASC\n-----END KEY-----\n"
    shown = masked("  hkiG9w0BAQEFAASC\nline: MIIEvQIBADANBgkq!", [key])
    assert shown == f"  {MASK}\nline: {MASK}!"


@settings(deadline=None)  # cores are shared
@given(st.lists(VALUES, min_size=1, max_size=3), st.data())
@example(["aaaa"], None)
def test_where_the_stream_is_cut_changes_nothing(secrets: list[str], data: st.DataObject | None) -> None:
    if data is None:
        pieces = ["aa", "aaa", "aaaaaaaa", "a", "b"]
    else:
        bits = st.one_of(st.sampled_from(sorted({f for s in secrets for f in (*forms_of(s), s[:3], s[2:])})), st.text())
        pieces = data.draw(st.lists(bits, max_size=8))
        pieces = [part for piece in pieces for part in (piece[: len(piece) // 2], piece[len(piece) // 2 :])]
    assert in_pieces(secrets, pieces) == masked("".join(pieces), secrets)


@settings(deadline=None)  # cores are shared
@given(VALUES, st.text(max_size=20), st.integers(0, 40))
def test_a_secret_split_between_two_reads_is_hidden(secret: str, around: str, cut: int) -> None:
    if why_not_maskable(secret) is not None:
        return
    text = around + secret + around
    assert secret not in in_pieces([secret], [text[:cut], text[cut:]]).replace(MASK, "\0")


def test_overlapping_secrets_leave_no_end_of_either_bare() -> None:
    assert masked("x abcdef y", ["abcd", "cdef"]) == f"x {MASK} y"
    assert masked("aaaaaaaaa", ["aaaa"]) == MASK


def test_the_longer_of_two_secrets_is_hidden_whole() -> None:
    """Even when the shorter one is complete before the rest of the longer one has come."""
    assert in_pieces(["hunter", "hunter2-long"], ["say hunter", "2-long."]) == f"say {MASK}."


def test_output_is_held_back_only_while_it_may_be_the_beginning_of_a_secret() -> None:
    """A prompt without a line break shows at once."""
    masker = Masker(["hunter2hunter2"])
    assert masker.feed("waiting ...") == "waiting ..."
    assert masker.feed(" hunt") == " "
    assert masker.feed("ing") == "hunting"


def test_an_endless_run_of_a_secret_takes_no_memory() -> None:
    masker = Masker(["aaaa"])
    for _ in range(50):
        masker.feed("a" * 10_000)
        assert len(masker._held) < 4
    assert masker.finish() == ""


@pytest.mark.parametrize("value", ["", "abc", "  ab  "])
def test_a_short_secret_is_named_as_such_and_hides_nothing(value: str) -> None:
    reason = why_not_maskable(value)
    assert reason is not None
    assert "fewer than 4" in reason
    assert masked("abc ab", [value]) == "abc ab"


def test_a_secret_that_is_not_utf8_is_hidden_as_the_output_shows_it() -> None:
    """An environment variable may hold any byte; Python gives it as a lone surrogate."""
    secret = b"pa\xffss".decode("utf-8", "surrogateescape")
    assert masked("it is pa\\xffss.", [secret]) == f"it is {MASK}."


def test_the_line_break_at_the_end_of_a_secret_is_not_needed_to_find_it() -> None:
    assert masked("hunter22 and", ["hunter22\n"]) == f"{MASK} and"
