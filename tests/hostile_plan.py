"""Text from outside at its worst, and a plan made of nothing else. None of it may act, break a row, or raise."""

from __future__ import annotations

from backout_tui.domain.backout.events import Actor
from backout_tui.domain.plan.plan import Block, Check, Contact, Fact, Message, Part, Plan, Section, Step, Variable
from tests.sample_plan import facts

ESCAPES = "\x1b[31mred\x1b]0;title\x07\x1b[2J\x9b5m\x7f\x00"
MARKUP = "[/x] [bold]b[/bold] [link=http://x.example]l[/] $x {release} {0} %s"
BIDI = "\u202etxet\u202c \u2066isolated\u2069 \u200bzero\ufeffwidth"
MARKDOWN = "# x | y <script>alert(1)</script> *a* _b_ `c` [d](http://x.example) &amp; \\| ~~e~~ 1. f"
WIDE = "支払いＡＰＩ 🚒🚒 é é ｆｕｌｌ"
LINES = "one\ntwo\r\nthree\rfour\tfive\u2028six"
LONG = "very-long-word-" * 60
NASTY = (ESCAPES, MARKUP, BIDI, MARKDOWN, WIDE, LINES, LONG)
ALL = " ".join(NASTY)

ACTOR = Actor(ESCAPES + MARKUP, login=BIDI, uid=1, host=LINES, tty=MARKDOWN, ssh_client=WIDE)

HOSTILE = Plan(
    ALL,
    (
        *facts(team=ALL, authoriser=MARKUP, proxy=ALL, window=ALL, deployed=ALL, affects=ALL),
        Fact(ESCAPES, ALL),
    ),
    when=Section(ALL, ALL, (ALL, MARKDOWN)),
    variables=(Variable(MARKUP, ALL),),
    parts=(
        Part(
            "phase",
            ALL,
            (
                Step(
                    "1",
                    ALL,
                    (*facts(owner=ALL, estimate=ALL, point_of_no_return=ALL), Fact(ESCAPES, ALL)),
                    (Block("text", ALL),),
                ),
                Step(
                    "2",
                    MARKDOWN,
                    facts(if_it_fails=ALL, only_if=ALL),
                    (Block("fence", ALL, "sh"), Block("expect", ALL)),
                ),
                Step("3", WIDE, facts(loses=ALL), (Block("fence", ALL, "sh"), Block("fence", LINES, "sh"))),
            ),
        ),
        Part("option", MARKUP, (Step("A1", LINES, facts(estimate="5 min")),)),
    ),
    checks=(
        Check("A", ALL, facts(after=ALL), (Block("text", ALL),)),
        Check("B", WIDE, (), (Block("fence", ALL, "sh"),)),
    ),
    contingency=Section(ALL, ALL),
    messages=(Message(ALL, facts(to=MARKUP, by="email", when="start"), ALL), Message(WIDE, facts(by=ESCAPES), LINES)),
    contacts=(Contact(MARKUP, ALL, (ALL,), "Nowhere/" + BIDI, ALL, (f"email:{ALL}", f"phone:{ALL}")),),
)
