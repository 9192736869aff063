"""Sample pages of experiments: to come, at work, ended, refused, none, very many; and the card of a result."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from swingby.insight import (
    EXPERIMENT_ANALYSIS,
    EXPERIMENT_STOPS,
    Card,
    Check,
    Count,
    Figure,
    Mark,
    Picture,
    Remaining,
    Result,
    Series,
    Verdict,
    card_data,
)
from swingby.web.design.gallery import evidence_samples
from swingby.web.design.gallery.evidence_samples import MOMENT, URL
from swingby.web.design.gallery.extremes import LONG_NAME, LONG_WORD
from swingby.web.design.gallery.samples import TODAY
from swingby.web.domain.cards.settings import Setting
from swingby.web.domain.experiments.design import BY_ITSELF, PLANNED
from swingby.web.evidence.card_pages import card_view
from swingby.web.evidence.experiment_parts import (
    BalanceLine,
    ExperimentGroup,
    ExperimentLine,
    ExperimentPage,
    ExperimentsPage,
    MonthLine,
    PlanView,
    TakingLine,
    TakingPage,
    WaveLine,
)
from swingby.web.evidence.parts import AskPage, CardLine, CardPage, FieldView

PLAN_URL = "/gallery/?page=experiment"
WORDS = "Does the new onboarding raise deal size, as the lot fell?"
URLS = dict.fromkeys(("progress", "file", "look", "again", "list"), PLAN_URL)
FEW = (
    "This experiment cannot be planned. The smallest wave would have 4 partners; 10 are needed. Draw fewer waves, or wait until more"
    " partners can take part."
)
STAGES = {
    "running": ("Running", "brand", "activity"),
    "drawn": ("Being drawn", "pending", "loader-circle"),
    "planned": ("Planned", "plain", "calendar-clock"),
    "ended": ("Ended", "good", "flag"),
    "refused": ("Not planned", "bad", "circle-alert"),
}
RESULT = Card(
    question=WORDS,
    verdict=Verdict.SHOWN,
    sentence="Being drawn for the new onboarding changed deal size by +14 % (+2.1 % to +28 %) after 4 of 6 months.",
    figures=(
        Figure("Effect of being drawn", 0.14, "share", 0.021, 0.28),
        Figure("Effect of doing it, on those who did because they were drawn", 0.19, "share", 0.03, 0.41),
        Figure("Did it, of those whose wave has begun", 0.74, "share"),
        Figure("Did it, of those who wait", 0.02, "share"),
        Figure("Smallest effect that the plan promised to see by its end", 0.12, "share"),
    ),
    picture=Picture(
        title="Deal size of those drawn against those who wait",
        x="months since the first wave",
        y="effect of being drawn, up to this month",
        series=(
            Series(
                "",
                tuple(Mark(x, 0.1 + 0.01 * x, 0.1 + 0.01 * x - 0.24 / x**0.5, 0.1 + 0.01 * x + 0.28 / x**0.5) for x in range(1, 6)),
                tuple(Remaining(x, 62) for x in range(1, 6)),
            ),
        ),
        unit="share",
        band="all ranges hold at once in 95 of 100 experiments, however often one looks",
        remaining="still waiting",
    ),
    checks=(
        Check("plan and lot", Result.PASSED, "The plan has the hash that was registered, and the lot drawn again gives the same waves."),
        Check("past as it was", Result.PASSED, "Outcomes known when it was planned are the same now."),
        Check("before the lot", Result.PASSED, "Before the lot the first wave and the others differed by 0.03 (\N{MINUS SIGN}0.32 to 0.38) standard deviations."),
        Check("missing alike", Result.PASSED, "Without an outcome in the last month: 3 of those whose wave has begun, 2 of those who wait."),
        Check("biggest partner", Result.PASSED, "Without the biggest partner it is +13 % (+1.4 % to +27 %)."),
    ),
    counts=(
        Count("partners of wave 1, from 2025-11-01 on", 62),
        Count("partners of wave 2, from 2026-05-01 on", 62),
        Count("whole months looked at", 5),
        Count("months that were planned", 6),
    ),
    about="The 124 partners of the lot, as they were drawn, whatever they then did.",
    method=EXPERIMENT_ANALYSIS,
    mind=("A second lot that shows nothing.", "Partners that learn from those drawn, or sell into the same accounts: then the effect is blurred."),
    decision="Stop: it works. Invite those who wait too, and reckon with +2.1 % for each partner invited.",
    notes=("The plan stopped it after 4 of 6 months; later months are drawn, and do not count.",),
)  # fmt: skip


def _line(stage: str, **changes: Any) -> ExperimentLine:
    title, tone, icon = STAGES[stage]
    plain: dict[str, Any] = {"words": WORDS, "url": PLAN_URL, "asked_on": TODAY, "asked_by": "Ines Halvorsen"}
    dates = {
        "partners": 124,
        "waves": 2,
        "starts_on": date(2026, 5, 1),
        "ends_on": date(2026, 11, 1),
        "smallest": "12 %",
    }
    planned = {} if stage in ("drawn", "refused") else dates
    return ExperimentLine(**{**plain, **planned, "stage": title, "tone": tone, "icon": icon, **changes})


def _group(stage: str, *lines: ExperimentLine, **changes: Any) -> ExperimentGroup:
    title, _tone, icon = STAGES[stage]
    plain = {"key": stage, "title": title, "icon": icon, "lines": lines, "total": len(lines)}
    return ExperimentGroup(**{**plain, **changes})


def experiments() -> ExperimentsPage:
    """One in every stage."""
    looked = {
        "sentence": RESULT.sentence,
        "looked_on": TODAY,
        "verdict": "Shown",
        "tone": "good",
        "icon": "circle-check",
    }
    return ExperimentsPage(
        groups=(
            _group("running", _line("running", starts_on=date(2025, 11, 1), ends_on=date(2026, 5, 1), **looked)),
            _group("drawn", _line("drawn", words="Does coaching raise win rate, as the lot fell?", reason="Waits for its turn")),
            _group("planned", _line("planned")),
            _group("ended", _line("ended", starts_on=date(2025, 3, 1), ends_on=date(2025, 9, 1), **looked)),
            _group("refused", _line("refused", reason=FEW)),
        ),
        room_url=URL,
        plan_url=PLAN_URL,
    )  # fmt: skip


def no_experiments() -> ExperimentsPage:
    """Nobody has planned one."""
    return ExperimentsPage(room_url=URL, plan_url=PLAN_URL)


def many_experiments() -> ExperimentsPage:
    """An executive: hundreds, with long words, and nothing to plan."""
    long = {
        "words": f"Does {LONG_NAME} raise revenue, as the lot fell?",
        "sentence": f"{LONG_NAME} {LONG_WORD}",
        "looked_on": TODAY,
    }
    ended = tuple(_line("ended", partners=98_765, waves=12, smallest="0.4 %", **long) for _ in range(25))
    return ExperimentsPage(
        groups=(_group("ended", *ended, total=1_204, more_url=PLAN_URL),), room_url=URL, all_url=PLAN_URL
    )


def _fields(*, refused: bool) -> tuple[FieldView, ...]:
    values = {one.name: one.default for one in PLANNED} | {"start": "2026-05-01", "said": "the new onboarding"}
    return tuple(_field(one, values[one.name], refused=refused) for one in PLANNED)


def _field(one: Setting, value: str, *, refused: bool) -> FieldView:
    act = ("credentials:level=advanced", "Credentials: advanced (110 began, 92 never did)")
    error = "The first wave begins on: it begins a month. Write 2026-05-01 or another first day."
    return FieldView(
        name=one.name,
        label=one.label,
        sort=one.sort,
        value=value,
        hint=one.hint,
        error=error if refused and one.name == "start" else "",
        optional=one.optional,
        choices=(BY_ITSELF, act) if one.sort == "act" else one.choices,
    )


def plan_form(*, refused: bool = False) -> AskPage:
    """The form of a plan, as it stands at first or sent with a mistake."""
    return AskPage(
        label="Plan an experiment",
        lead="Partners are drawn by lot into waves: some are invited first, the others later. Then nothing but chance stands between"
        " them.",
        url=URL,
        back_url=URL,
        back="Experiments",
        fields=_fields(refused=refused),
        refused="This cannot be asked like this." if refused else "",
        looks=refused,
        look_url=URL,
        send="Draw the lot",
        icon="dices",
        below="The plan gets a hash, and nobody can change it afterwards. Every plan that is drawn stays on the list.",
    )


def _months(begins: date, number: int, waves: tuple[WaveLine, ...]) -> tuple[MonthLine, ...]:
    total, lines = sum(wave.partners for wave in waves), []
    for nth in range(number):
        ends = begins + timedelta(days=30 * (nth + 1))
        begun = sum(wave.partners for wave in waves if wave.begins_on < ends)
        lines.append(MonthLine(number=nth + 1, ends_on=ends, begun=begun, waiting=total - begun, is_over=ends < TODAY))
    return tuple(lines)


def _plan(**changes: Any) -> PlanView:
    waves = (
        WaveLine(number=1, begins_on=date(2025, 11, 1), partners=62, has_begun=True, url=PLAN_URL),
        WaveLine(number=2, begins_on=date(2026, 5, 1), partners=62, has_begun=False, url=PLAN_URL),
    )
    names = ("Tarnwick Labs", "Sedgerow Consulting", "Fallowgate Tech", "Brackenholt Trading")
    lines = tuple(
        TakingLine(name=name, region="emea", wave=1 + nth % 2, invited_on=waves[nth % 2].begins_on)
        for nth, name in enumerate(names)
    )
    plain: dict[str, Any] = {
        "hash": "sha256:5f0c7d2a9be34c81f6a1d04a7e3b92c6f81d5e2b7ac94d30b8e6f1c2a3d4e5f6",
        "made_at": MOMENT,
        "planned_on": date(2025, 10, 14),
        "starts_on": date(2025, 11, 1),
        "ends_on": date(2026, 5, 1),
        "smallest": "12 %",
        "outcome": "deal size",
        "invited": "the new onboarding",
        "by_itself": False,
        "total": 124,
        "seed": "70914",
        "before": 12,
        "stands_on": "Drawn from what had come in up to position 8,412, with version 2.1 of the program and version 0.9 of the method.",
        "waves": waves,
        "balance": (
            BalanceLine(trait="Size (log)", difference="0.02", words="Alike", tone="good", icon="check"),
            BalanceLine(trait="Tenure", difference="0.04", words="Alike", tone="good", icon="check"),
            BalanceLine(
                trait="Outcome before", difference="0.14", words="Apart by chance", tone="warn", icon="circle-alert"
            ),
            BalanceLine(trait="Region emea", difference="0.00", words="Alike", tone="good", icon="check"),
        ),
        "months": _months(date(2025, 11, 1), 6, waves),
        "first_look_on": date(2025, 12, 1),
        "analysis": EXPERIMENT_ANALYSIS,
        "stops": tuple(EXPERIMENT_STOPS.values()),
        "taking": TakingPage(lines=lines, first=1, last=4, total=124, after_url=PLAN_URL),
    }
    return PlanView(**{**plain, **changes})


def _look(**changes: Any) -> CardLine:
    plain: dict[str, Any] = {
        "question": WORDS,
        "sentence": RESULT.sentence,
        "url": URL,
        "asked_on": TODAY,
        "asked_by": "Ines Halvorsen",
    }
    return CardLine(**{**plain, "verdict": "Shown", "tone": "good", "icon": "circle-check", **changes})


def experiment(stage: str = "running", **changes: Any) -> ExperimentPage:
    """One that runs, with what was seen so far."""
    title, tone, icon = STAGES[stage]
    early = "No effect of being drawn for the new onboarding on deal size is shown after 2 of 6 months: +12 % (\N{MINUS SIGN}5.4 % to +32 %)."
    before = _look(sentence=early, verdict="Not shown", tone="plain", icon="circle-minus")
    plain: dict[str, Any] = {
        "words": WORDS,
        "stage": title,
        "tone": tone,
        "icon": icon,
        "asked_on": date(2025, 10, 14),
        "asked_by": "Ines Halvorsen",
        "plan": _plan(),
        "looks": (_look(), before),
        "looks_total": 2,
        "may_look": True,
        "may_plan": True,
        "next_step": "Invite nobody else before 1 May 2026, when the next wave begins. Look as often as you like.",
        "urls": URLS,
    }
    return ExperimentPage(**{**plain, **changes})


def planned() -> ExperimentPage:
    """One to come, drawn for the second time."""
    step = "Invite the first wave so that it can begin on 1 May 2026. Until then, hand the hash to somebody who is not part of it."
    waves = tuple(replace(wave, has_begun=False) for wave in _plan().waves)
    plan = _plan(waves=waves, same=2, starts_on=date(2026, 5, 1), ends_on=date(2026, 11, 1), planned_on=TODAY)
    return experiment("planned", plan=plan, looks=(), looks_total=0, may_look=False, next_step=step)


def large_experiment() -> ExperimentPage:
    """Twelve waves over years, long words, a hundred thousand partners."""
    waves = tuple(
        WaveLine(
            number=nth + 1,
            begins_on=date(2024 + nth // 4, 1 + 3 * (nth % 4), 1),
            partners=8_334,
            has_begun=nth not in (10, 11),
            url=PLAN_URL,
        )
        for nth in range(12)
    )
    lines = tuple(
        TakingLine(name=f"{LONG_NAME} {nth}", region=LONG_WORD, wave=12, invited_on=TODAY) for nth in range(25)
    )
    balance = tuple(
        BalanceLine(trait=f"Region {LONG_NAME}", difference="0.01", words="Alike", tone="good", icon="check")
        for _ in range(9)
    )
    taking = TakingPage(
        lines=lines,
        first=50_001,
        last=50_025,
        total=100_008,
        wave=12,
        all_url=PLAN_URL,
        before_url=PLAN_URL,
        after_url=PLAN_URL,
    )
    months = _months(date(2024, 1, 1), 33, waves)
    plan = _plan(waves=waves, balance=balance, taking=taking, months=months, total=100_008, invited=LONG_NAME, same=17)
    looks = tuple(
        _look(question=f"Does {LONG_NAME} raise revenue?", sentence=f"{LONG_NAME} {LONG_WORD}") for _ in range(6)
    )
    return experiment(
        words=f"Does {LONG_NAME} raise revenue, as the lot fell?", plan=plan, looks=looks, looks_total=1_204
    )


def result() -> CardPage:
    """The card of what the lot shows."""
    card = card_view(card_data(RESULT))
    settings = (("To", "2026-03-31"),)
    changes = ("The verdict was not shown and is now shown.", "Effect of being drawn: it was 12 % and is now 14 %.")
    return evidence_samples.card(
        question=WORDS,
        label="What does the lot show?",
        card=card,
        settings=settings,
        experiment_url=PLAN_URL,
        changes=changes,
    )


#: Name of a page -> its template, what it shows, and whether it is the vendor's.
PAGES_OF_EXPERIMENTS: dict[str, tuple[str, Any, bool]] = {
    "experiments": ("experiments", lambda: {"page": experiments()}, True),
    "experiments-empty": ("experiments", lambda: {"page": no_experiments()}, True),
    "experiments-large": ("experiments", lambda: {"page": many_experiments()}, True),
    "experiment-plan": ("ask", lambda: {"page": plan_form()}, True),
    "experiment-plan-refused": ("ask", lambda: {"page": plan_form(refused=True)}, True),
    "experiment": ("experiment", lambda: {"page": experiment()}, True),
    "experiment-planned": ("experiment", lambda: {"page": planned()}, True),
    "experiment-ended": (
        "experiment",
        lambda: {"page": experiment("ended", may_look=False, may_plan=False, next_step="The planned end has come. Look once more, and decide by what the card says.")},
        True,
    ),
    "experiment-drawn": (
        "experiment",
        lambda: {"page": experiment("drawn", is_drawn=True, plan=None, may_look=False, progress="Bringing together what is known, and drawing the lot.")},
        True,
    ),
    "experiment-refused": ("experiment", lambda: {"page": experiment("refused", is_refused=True, plan=None, may_look=False, progress=FEW)}, True),
    "experiment-large": ("experiment", lambda: {"page": large_experiment()}, True),
    "experiment-card": ("card", lambda: {"page": result()}, True),
}  # fmt: skip
