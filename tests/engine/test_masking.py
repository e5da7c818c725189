"""Secrets in output: every form of them is hidden, wherever the stream is cut."""

from __future__ import annotations

import base64
import json
import re
import shlex
import time
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from backout_tui.engine.printed import masking
from backout_tui.engine.printed.cleaning import as_read
from backout_tui.engine.printed.masking import MASK, Forms, Masker, masked, why_not_maskable

SECRET = "p4ss/w+rd?é&'x"
VALUES = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cs", "Cn")), min_size=4, max_size=12)


def in_pieces(secrets: list[str], pieces: list[str]) -> str:
    masker = Masker(Forms(secrets))
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


@pytest.mark.parametrize("secret", ["pass word", "a+b c/d e", "é è à", "100 % sure&true"])
def test_a_secret_with_spaces_is_hidden_as_a_form_of_the_web_writes_it(secret: str) -> None:
    """`quote_plus`: a plus for each space, and every plus as its code."""
    for shown in (quote_plus(secret), quote_plus(secret).lower(), quote_plus(quote_plus(secret)), quote(secret)):
        assert masked(f"password={shown}&next=1", [secret]) == f"password={MASK}&next=1"


@pytest.mark.parametrize(
    "shown",
    [
        r"p4ss/w+rd\?é\&\'x",  # printf %q
        r"p4ss/w+rd\?\303\251\&\'x",
        r"p4ss/w+rd?é&\\\'x",
        "p4ss/w+rd?é&'\"'\"'x",  # dash
        "p4ss/w+rd?é&''x",  # SQL
        r"p4ss/w+rd?\xe9&\'x",
        r"p4ss/w+rd?\xc3\xa9&\'x",  # bytes, in Python
        r"p4ss\\/w+rd?\\u00e9&'x",  # JSON inside JSON
        "p4ss/w+rd?é&amp;&#x27;x",
        "p4ss/w+rd?&#233;&#38;&apos;x",
        "p4ss/w+rd?é&amp;amp;&amp;#39;x",
        quote(quote(SECRET, safe=""), safe=""),
        SECRET.encode().hex(),
        SECRET.encode().hex().upper(),
        SECRET.encode().hex(" "),
        SECRET.encode().hex(":"),
        ", ".join(f"0x{byte:02X}" for byte in SECRET.encode()),
        "".join(f"\\x{byte:02x}" for byte in SECRET.encode()),
        "".join(f"\\{byte:03o}" for byte in SECRET.encode()),
        "".join(f"%{byte:02x}" for byte in SECRET.encode()),
        "".join(f"&#{ord(char)};" for char in SECRET),
        "".join(f"\\u{ord(char):04x}" for char in SECRET),
        SECRET.encode("utf-16-le").hex(),
        base64.b64encode(SECRET.encode("utf-16-le")).decode().rstrip("="),
        as_read(SECRET.encode("utf-16-le")).rstrip("␀"),
        as_read(SECRET.encode("utf-16-be")).lstrip("␀"),
    ],
)
def test_each_form_is_hidden_wherever_it_is_cut_in_two(shown: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What marks the first byte as one, and the last half of a character, say nothing."""
    monkeypatch.setattr(masking, "_BATCH", -10_000)  # each read is searched by itself
    forms, text = Forms([SECRET]), f"[ {shown} ]"
    for cut in range(len(text)):
        masker = Masker(forms)
        hidden = masker.feed(text[:cut]) + masker.feed(text[cut:]) + masker.finish()
        before, _, after = hidden.partition(MASK)
        assert re.fullmatch(r"\[ (0x|\\x|\\u00|%)?", before), hidden
        assert re.fullmatch(r"(00|A{1,2}|;)? ]", after), hidden


@pytest.mark.parametrize("secret", ["1234", "0000", "aaaa", "test", " x1y2", "%%%%", "\\\\\\\\", "''''"])
def test_a_short_secret_does_not_hide_half_of_the_output(secret: str) -> None:
    """Numbers, dates, dumps and names, in none of which the secret stands."""
    lines = [
        f"{n} 2026-11-29 22:{n % 60:02}:07 pod-{n:x} took {n * 7 % 999} ms; {n % 97:02x} {n % 89:02x}\n"
        for n in range(3000)
    ]
    text = "".join(line for line in lines if secret.strip() not in line)
    assert masked(text, [secret]).count(MASK) < 4


@pytest.mark.parametrize(
    ("secret", "text"),
    [
        ("'$" * 20 + "x", "'\\$" * 3000),
        (r"\u0026" * 20, r"\\\u0026" * 2000),
        ("%25" * 30, "%2525" * 500),
        ("%25" * 200 + "zz", "%25%2525" * 150),
        ("%25" * 200 + "zz", "%2525%25" * 150),
        ("%&" * 200, "%25&amp;" * 200),
        ("&amp;" * 30, "&amp;amp;" * 1000),
        ("0" * 60, "30 " * 8000 + "x"),
        ("\x1b\n" * 20, r"'$'\e" * 3000),
        ('"' * 30 + "x", '\\"' * 1000),
    ],
    ids=[
        "quotes",
        "escapes",
        "percent",
        "percents",
        "more-percents",
        "both",
        "entities",
        "digits",
        "splices",
        "backslashes",
    ],
)
def test_no_output_makes_the_search_endless(secret: str, text: str) -> None:
    began = time.process_time()
    masked(text, [secret])
    assert time.process_time() - began < 5


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
        shown = {form for s in secrets for form in (s, json.dumps(s), s.encode().hex(" "), quote(s), s[:3], s[2:])}
        bits = st.one_of(st.sampled_from(sorted(shown)), st.text())
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


def test_what_is_held_back_is_shown_unless_it_may_be_the_beginning_of_a_secret() -> None:
    """A prompt without a line break shows at once."""
    masker = Masker(Forms(["hunter2hunter2"]))
    assert masker.feed("waiting ...") == ""
    assert masker.shown_with("", "") == "waiting ..."
    masker.feed(" hunt")
    assert masker.shown_with("", "") == "waiting ... "
    assert masker.shown_with("er2h", " of") == "waiting ...  of"
    assert masker.shown_with("ing", "") == "waiting ... hunting"
    assert masker.shown_with("er2hunter2", "") == f"waiting ... {MASK}"


def test_an_endless_run_of_a_secret_takes_no_memory() -> None:
    masker, shown = Masker(Forms(["aaaa"])), ""
    for _ in range(20):
        shown += masker.feed("a" * 10_000)
        assert masker._size < 40_000
    assert shown + masker.finish() == MASK


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


def test_a_secret_of_which_a_terminal_takes_a_part_is_hidden_where_a_shell_quotes_the_rest() -> None:
    secret = "\x1b+Gfirst line \nsecond'line"
    printed = as_read(f"S='{secret}'\n".replace("second'line", "second'\"'\"'line").encode())
    assert masked(printed, [secret]) == "S='***'\n"


def test_the_pieces_of_a_secret_that_a_terminal_throws_apart_are_hidden_each() -> None:
    """Restoring the cursor puts what follows at the top of the page, before what was printed there."""
    secret = "$C5FI\tqkrg,fc:;\t0eT4g+\x1b8and-what-follows"
    printed = as_read(f"before\n{secret}\n".encode())
    assert secret not in printed
    assert masked(printed, [secret]).split() == ["***", "***"]


@pytest.mark.parametrize(
    "shown", ["50%%off-100%%", "50%25off-100%25", "50%2525off-100%2525", "50%25%25off-100%25%25", "50%off-100%25"]
)
def test_percent_signs_are_hidden_doubled_encoded_and_both(shown: str) -> None:
    assert masked(f"before {shown} after", ["50%off-100%"]) == f"before {MASK} after"
