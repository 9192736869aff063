"""Sample pages of evidence: usual, empty, at work, failed, very large; and what a partner reads."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from swingby.insight import (
    Card,
    Check,
    Count,
    Figure,
    Mark,
    Meaning,
    Picture,
    Remaining,
    Result,
    Series,
    Verdict,
    card_data,
)
from swingby.web.design.gallery.extremes import LONG_NAME, LONG_WORD
from swingby.web.design.gallery.samples import TODAY
from swingby.web.domain.cards.questions import QUESTIONS
from swingby.web.evidence.card_pages import card_view
from swingby.web.evidence.parts import (
    AskPage,
    CardLine,
    CardPage,
    CheckLine,
    DecisionLine,
    FieldView,
    QuestionLine,
    Readiness,
    RoomPage,
    SharedLine,
    ShareLine,
    SharePage,
)

URL = "/gallery/?page=evidence-card"
URLS = dict.fromkeys(("progress", "paper", "decide", "share", "withdraw", "again", "room"), URL)
EXPERIMENTS = "/gallery/?page=experiments"
MOMENT = datetime(2026, 3, 30, 9, 14, tzinfo=UTC)
AROUND = Picture(
    title="Deal size around the first advanced engineer",
    x="quarters since",
    y="change against partners without it",
    series=(
        Series("", tuple(Mark(x, 0.045 * max(x + 1, 0), 0.045 * max(x + 1, 0) - 0.1, 0.045 * max(x + 1, 0) + 0.11) for x in range(-6, 4))),
    ),
    unit="share",
    band="all points lie inside in 95 of 100 such studies",
    begins_at=-0.5,
)  # fmt: skip
CURVES = Picture(
    title="Who stays",
    x="months since the beginning",
    y="share still subscribed",
    series=tuple(
        Series(
            name,
            tuple(Mark(x, 1 - fall * x, 1 - fall * x - 0.02, min(1, 1 - fall * x + 0.02)) for x in range(0, 36, 4)),
            (Remaining(0, 900), Remaining(12, 640), Remaining(24, 310)),
            Meaning.GROUP,
        )
        for name, fall in (("apac", 0.006), ("emea", 0.008), ("americas", 0.011))
    ),
    unit="share",
    band="95 of 100",
    form="steps",
    bounds=(0, 1),
)
COMING = Picture(
    title="What was expected, and what came: won in 3 months, USD",
    x="span of 3 months; 1 is the next",
    y="won",
    series=(
        Series("came", tuple(Mark(x, 9e5 + 6e4 * x, 9e5 + 6e4 * x, 9e5 + 6e4 * x) for x in range(-5, 1))),
        Series(
            "expected before",
            (
                *(Mark(x, 9.2e5 + 5e4 * x, 9.2e5 + 5e4 * x, 9.2e5 + 5e4 * x) for x in range(-5, 1)),
                Mark(1, 9.7e5, 8.4e5, 1.1e6),
            ),
            meaning=Meaning.EXPECTED,
        ),
        Series(
            "the same months a year before",
            tuple(Mark(x, 7.8e5 + 4e4 * x, 7.8e5 + 4e4 * x, 7.8e5 + 4e4 * x) for x in range(-5, 2)),
            meaning=Meaning.COMPARED,
        ),
    ),
    unit="money",
    band="the range holds 80 % of such spans",
    form="line",
    currency="USD",
)
SIGNS = Picture(
    title="How well each sign tells later customers apart",
    x="sign",
    y="one stays, one leaves: how often it tells which; 50 % is chance",
    series=(
        Series("", tuple(Mark(nth, 0.72 - 0.09 * nth, 0.65 - 0.09 * nth, 0.79 - 0.09 * nth) for nth in (1, 2, 3))),
    ),
    unit="share",
    band="95 % ranges",
    bounds=(0, 1),
    places=("seats in use, of what is subscribed", "kick off", LONG_NAME),
    nothing=0.5,
)
ENGINEER = Card(
    question="Did the first advanced engineer raise deal size?",
    verdict=Verdict.SUGGESTED,
    sentence="The first advanced engineer may have raised deal size, by 14 % (4.3 % to 24 %), but that is not certain: too little"
    " is left beyond that earlier drift.",
    figures=(
        Figure("Effect, if it is one", 0.14, "share", 0.043, 0.24),
        Figure("What that would be worth, if it is one", 1.78e6, "money", 6.03e5, 2.86e6, "USD"),
        Figure("Difference, not effect: partners with the act against all others", 2.2, "times"),
        Figure("Smallest effect that would likely have been seen", 0.13, "share"),
    ),
    picture=AROUND,
    checks=(
        Check("leads", Result.PASSED, "Before it, both sides were no further apart than chance alone often sets them: so far or further in 48 % of such studies."),
        Check("beyond the line", Result.FAILED, "If the earlier drift had simply continued, it would be +7.4 %."),
        Check("other outcome", Result.NOT_RUN, "Too few months."),
    ),
    counts=(Count("partners studied", 202), Count("that began", 110), Count("to compare with", 92)),
    about="The 110 partners with the first advanced engineer: what it did for them, not what it would do for others.",
    method="Callaway and Sant'Anna (2021), against partners that have not begun yet.",
    mind=("Drawing by lot who is invited, in waves: then nothing earlier can stand behind the change.",),
    decision="Do not budget for it yet. Draw by lot who is invited next, in waves, and look again.",
)  # fmt: skip


def _view(card: Card = ENGINEER) -> Any:
    return card_view(card_data(card))


LARGE = replace(
    ENGINEER,
    question=f"Did {LONG_NAME} raise revenue?",
    sentence=f"{LONG_NAME} {LONG_WORD} lowered revenue by USD 1,234,567,890,123.",
    figures=tuple(Figure(f"{LONG_NAME} {nth}", 1.23e15, "money", -9.9e15, 9.9e15, "USD") for nth in range(12)),
    checks=tuple(Check(f"{LONG_WORD} {nth}", Result.FAILED, LONG_NAME * 3) for nth in range(6)),
    counts=tuple(Count(f"{LONG_NAME} {nth}", 10**12) for nth in range(9)),
    picture=CURVES,
    notes=(LONG_NAME,),
)


def _line(**changes: Any) -> CardLine:
    plain = {
        "question": ENGINEER.question,
        "sentence": ENGINEER.sentence,
        "url": URL,
        "asked_on": TODAY,
        "asked_by": "Ines Halvorsen",
        "verdict": "Suggested",
        "tone": "warn",
        "icon": "circle-question-mark",
    }
    return CardLine(**{**plain, **changes})


RUNNING = {"verdict": "", "sentence": "", "is_running": True, "question": "How long do customers stay?"}
FAILED = {"verdict": "", "sentence": "", "failed": "It broke off. Ask again.", "question": "How exposed are we?"}
DECIDED = {"decision": "Test", "decision_by": "Tove Marchetti", "decision_until": TODAY, "is_due": True, "readers": 3}
READY = Readiness(
    sentence="Of 3 questions 2 can be asked of these records: exposure, next quarter.",
    lines=(
        CheckLine(name="Effect on win rate", result="Failed", tone="bad", icon="x", words="Missing: lost deals. There: 13,496 deals won and 0 lost."),
        CheckLine(name="Exposure", result="Passed", tone="good", icon="check", words="There: 13,496 deals won."),
        CheckLine(name="Next quarter", result="Passed", tone="good", icon="check", words="There: 13,496 deals won."),
    ),
    looked_on=TODAY, first=date(2023, 4, 1), last=TODAY, position=8_412, look_url=URL,
)  # fmt: skip


def _questions() -> tuple[QuestionLine, ...]:
    return tuple(
        QuestionLine(label=one.label, lead=one.lead, icon=one.icon, url="/gallery/?page=evidence-ask")
        for one in QUESTIONS.values()
    )


def room() -> RoomPage:
    """Cards in every state, one decision to look at again."""
    due = _line(**DECIDED)
    cards = (_line(**RUNNING), _line(), due, _line(**FAILED))
    return RoomPage(
        readiness=READY, due=(due,), cards=cards, total=4, questions=_questions(), experiments_url=EXPERIMENTS
    )


def empty_room() -> RoomPage:
    """Nobody has looked or asked."""
    return RoomPage(readiness=Readiness(look_url=URL), questions=_questions())


def working_room() -> RoomPage:
    """Operations: a first look is on its way."""
    look = Readiness(running="Bringing together what is known.", progress_url="/gallery/?page=evidence-working")
    return RoomPage(readiness=look, reads_cards=False)


def large_room() -> RoomPage:
    """Long words and hundreds of cards."""
    cards = tuple(
        _line(question=LARGE.question, sentence=LARGE.sentence, **{**DECIDED, "readers": 4_812}) for _ in range(12)
    )
    return RoomPage(
        readiness=replace(READY, failed="It broke off. Ask again."),
        due=cards[:3],
        cards=cards,
        total=1_204,
        older_url=URL,
    )


def ask(*, refused: bool = False) -> AskPage:
    """The first question, as it stands at first or sent with a mistake."""
    asked = QUESTIONS["effect"]
    act = ("credentials:level=advanced", "Credentials: advanced (110 began, 92 never did)")
    values = {"first": "2023-04-01", "last": "2026-03-31", "part": "seller", "outcome": "deal size"}
    fields = tuple(
        FieldView(
            name=one.name,
            label=one.label,
            sort=one.sort,
            value=values.get(one.name, ""),
            hint=one.hint,
            error="From: this is no day. Write it as 2026-03-31." if refused and one.name == "first" else "",
            optional=one.optional,
            choices=(act,) if one.sort == "act" and not refused else one.choices,
        )
        for one in asked.settings
    )
    reason = "Your data cannot answer this. Missing: lost deals. Looked at on 31 March 2026." if refused else ""
    return AskPage(
        label=asked.label, lead=asked.lead, url=URL, back_url=URL, fields=fields, refused=reason, looks=refused, look_url=URL,
        back="Evidence", send="Ask", icon="microscope", below="Decide on all of this before you look.",
    )  # fmt: skip


def _decision(**changes: Any) -> DecisionLine:
    plain = {
        "word": "Test",
        "by_whom": "Tove Marchetti",
        "until": TODAY,
        "words": "By lot, in two waves.",
        "decided_by": "Ines Halvorsen",
    }
    return DecisionLine(**{**plain, "decided_at": MOMENT, **changes})


def card(**changes: Any) -> CardPage:
    """A card that is done, with what was decided and who reads it."""
    reader = ShareLine(partner="Tarnwick Labs", shared_on=TODAY, shared_by="Ines Halvorsen", key="example")
    plain: dict[str, Any] = {
        "question": ENGINEER.question,
        "label": "Did it work?",
        "state": "done",
        "progress": "",
        "asked_by": "Ines Halvorsen",
        "asked_at": MOMENT,
        "card": _view(),
        "settings": (("What partners did", "credentials, level advanced"), ("From", "2023-04-01")),
        "stands_on": "Computed on 30 March 2026 from what had come in up to position 8,412, with version 2 of the program.",
        "changes": ("The verdict was not shown and is now suggested.", "Effect: it was 9.0 % and is now 14 %."),
        "before_url": URL,
        "before_on": date(2025, 12, 1),
        "decisions": (_decision(is_due=True), _decision(word="Keep", words="", until=date(2025, 12, 31))),
        "words": (("stop", "Stop"), ("keep", "Keep"), ("change", "Change"), ("test", "Test")),
        "readers": (reader,),
        "readers_total": 3,
        "decides": True,
        "can_be_shared": True,
        "urls": URLS,
    }
    return CardPage(**{**plain, **changes})


def large_card() -> CardPage:
    """Long words, huge numbers, curves."""
    decisions = tuple(_decision(by_whom=LONG_NAME, words=LONG_WORD * 3) for _ in range(8))
    return card(question=LARGE.question, card=_view(LARGE), decisions=decisions, readers_total=4_812, before_on=None)


def share() -> SharePage:
    """What partners would read."""
    left = ("Figure: Effect without the biggest partner", "Check: biggest partner", "What it means for our decision")
    return SharePage(
        question=ENGINEER.question,
        url=URL,
        back_url=URL,
        card=_view(replace(ENGINEER, decision="")),
        left_out=left,
        partners=(("a", "Tarnwick Labs"), ("b", "Sedgerow Consulting")),
        readers=1,
    )


def shared(*, empty: bool = False) -> dict[str, Any]:
    """The partner's list."""
    line = SharedLine(
        question=ENGINEER.question, sentence=ENGINEER.sentence, verdict="Suggested", tone="warn",
        icon="circle-question-mark", shared_on=TODAY, url="/gallery/?page=my-evidence-card",
    )  # fmt: skip
    return {"lines": () if empty else (line,)}


def shared_card() -> dict[str, Any]:
    """One card as a partner reads it."""
    view = _view(replace(ENGINEER, picture=CURVES, decision=""))
    return {"card": view, "shared_on": TODAY, "back_url": URL, "paper_url": URL}


#: Name of a page -> its template, what it shows, and whether it is the vendor's.
PAGES: dict[str, tuple[str, Any, bool]] = {
    "evidence": ("room", lambda: {"page": room()}, True),
    "evidence-empty": ("room", lambda: {"page": empty_room()}, True),
    "evidence-working": ("room", lambda: {"page": working_room()}, True),
    "evidence-large": ("room", lambda: {"page": large_room()}, True),
    "evidence-ask": ("ask", lambda: {"page": ask()}, True),
    "evidence-ask-refused": ("ask", lambda: {"page": ask(refused=True)}, True),
    "evidence-card": ("card", lambda: {"page": card()}, True),
    "evidence-card-working": (
        "card",
        lambda: {"page": card(state="running", card=None, progress="Answering the question.")},
        True,
    ),
    "evidence-card-failed": (
        "card",
        lambda: {"page": card(state="failed", card=None, progress="It broke off. Ask again.")},
        True,
    ),
    "evidence-card-forecast": ("card", lambda: {"page": card(card=_view(replace(ENGINEER, picture=COMING)))}, True),
    "evidence-card-signs": ("card", lambda: {"page": card(card=_view(replace(ENGINEER, picture=SIGNS)))}, True),
    "evidence-card-large": ("card", lambda: {"page": large_card()}, True),
    "evidence-share": ("share", lambda: {"page": share()}, True),
    "evidence-share-refused": (
        "share",
        lambda: {"page": replace(share(), card=None, refused="The answer itself names a partner.")},
        True,
    ),
    "my-evidence": ("shared_list", shared, False),
    "my-evidence-empty": ("shared_list", lambda: shared(empty=True), False),
    "my-evidence-card": ("shared", shared_card, False),
}
