"""Fill the scorecard from what is stored; nothing is worked out here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Literal
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from swingby.engine import LOW_TESTS, Bearing, bearings
from swingby.web.design.parts import Comparison, Gate, Place
from swingby.web.design.wording import number_words
from swingby.web.domain.dispute_matters import note_of
from swingby.web.domain.queries.partner_facts import names_of
from swingby.web.domain.queries.people_counts import held_of
from swingby.web.domain.queries.records import Record
from swingby.web.domain.queries.subjects import customer_names, subjects_of
from swingby.web.domain.standings import latest_standing
from swingby.web.jobs import enqueue_path
from swingby.web.models import Dispute, DisputeState, Enrolment, Scorecard, ScorecardLine, Standing
from swingby.web.portal.dispute_words import case_words
from swingby.web.portal.scorecard_parts import (
    AskedBy,
    Detail,
    LadderCard,
    Line,
    NumberGroup,
    NumberPage,
    NumberRow,
    RecordPage,
    RequirementRow,
    ScorecardPage,
    TierCard,
)
from swingby.web.rounding import short, short_gap
from swingby.web.visibility import Actor

PAGE_LINES = 50
MOST_PARTS = 40
Row = Mapping[str, Any]
_HEADINGS: Mapping[str, str] = {
    "score": "Totals",
    "points": "Points",
    "incentive": "Money earned",
    "measure": "What is counted",
}
_COMPARISONS: Mapping[str, Comparison] = {name: name for name in ("above", "at_most", "below", "is")}


@dataclass(frozen=True, slots=True)
class Doors:
    """The addresses of the side that reads."""

    enrolment: Enrolment
    side: Literal["portal", "console"] = "portal"

    def to(self, name: str, *args: str) -> str:
        """The address of a page of the scorecard."""
        key = [self.enrolment.pk] if self.side == "portal" else [self.enrolment.owner_id, self.enrolment.pk]
        return reverse(f"{self.side}:{name}", args=[*key, *args])

    @property
    def partner(self) -> str:
        """The address of the page about the partner as a whole."""
        return self.to("home") if self.side == "portal" else self.to("partner")


def card_of(enrolment: Enrolment) -> tuple[Scorecard | None, Standing | None]:
    """The scorecard, and the newest standing; where that knows more, a newer scorecard is asked for."""
    standing = latest_standing(enrolment)
    card = Scorecard.objects.filter(pk=enrolment.pk).first()
    if standing is not None and is_behind(card, standing):
        enqueue_path(owner=enrolment.owner_id, enrolment=enrolment.pk)
    return card, standing


def is_behind(card: Scorecard | None, standing: Standing | None) -> bool:
    """Whether a standing knows something that the scorecard does not."""
    if standing is None:
        return False
    return card is None or (card.position, card.as_of) < (standing.position, standing.as_of)


def scorecard_page(enrolment: Enrolment, *, doors: Doors) -> ScorecardPage:
    """Every requirement and every number."""
    card, standing = card_of(enrolment)
    page = ScorecardPage(
        partner=enrolment.partner.name,
        program=enrolment.program.name,
        vendor=enrolment.owner.name,
        is_behind=is_behind(card, standing),
        back_url=doors.partner,
        cases_url=doors.to("disputes") if doors.side == "portal" else "",
    )
    if card is None:
        return replace(page, is_behind=True)
    held = held_of(card, standing)
    numbers = {row["name"]: row for row in card.numbers}
    return replace(
        page,
        as_of=card.as_of,
        version=card.program_version,
        ladders=tuple(_ladder(row, held=held.get(row["name"]), numbers=numbers, doors=doors) for row in card.ladders),
        groups=tuple(_groups(card.numbers, doors=doors)),
    )


def _groups(numbers: Sequence[Row], *, doors: Doors) -> Iterator[NumberGroup]:
    for section, heading in _HEADINGS.items():
        rows = tuple(_number(row, doors=doors) for row in numbers if row["section"] == section)
        if rows:
            yield NumberGroup(heading=heading, rows=rows)


def _number(row: Row, *, doors: Doors) -> NumberRow:
    return NumberRow(
        name=row["label"],
        url=doors.to("scorecard_number", row["name"]),
        value=_short_number(row),
        unit=row["unit"],
        is_incomplete=row["state"] == "incomplete",
        is_theirs=row["side"] == "vendor",
    )


def decimal_of(text: str | None) -> Decimal | None:
    """A stored number."""
    return None if text is None else Decimal(text)


def _short_number(row: Row) -> Decimal | None:
    value = decimal_of(row["value"])
    return None if value is None else short(value)


# --- tiers ----------------------------------------------------------------------------------------------------------


def _ladder(ladder: Row, *, held: str | None, numbers: Mapping[str, Row], doors: Doors) -> LadderCard:
    tiers: Sequence[Row] = ladder["tiers"]
    rank = next((int(tier["rank"]) for tier in tiers if tier["id"] == held), -1)
    cards = [_tier(tier, held=rank, numbers=numbers, doors=doors) for tier in tiers if tier["rows"]]
    # What can be done comes first: the next tier, the one that is held, what was passed; the far ones come last.
    order = {"current": 1, "passed": 2, "ahead": 3}
    cards.sort(key=lambda card: 0 if card.is_next else order[card.place])
    label = next((tier["label"] for tier in tiers if tier["id"] == held), "")
    return LadderCard(name=ladder["label"], held=label, tiers=tuple(cards))


def _tier(tier: Row, *, held: int, numbers: Mapping[str, Row], doors: Doors) -> TierCard:
    rank = int(tier["rank"])
    place: Place = "current" if rank == held else "passed" if rank < held else "ahead"
    rows = [row for row in tier["rows"] if row["depth"] or row["kind"] != "all"]
    borne = bearings((row["path"], row["kind"], row["state"]) for row in tier["rows"])
    whole = [row for row in tier["rows"] if row["depth"] == (1 if len(rows) < len(tier["rows"]) else 0)]
    return TierCard(
        name=tier["label"],
        place=place,
        is_next=rank == held + 1,
        rows=tuple(_requirement(row, borne[row["path"]], numbers=numbers, doors=doors) for row in rows),
        met=sum(row["state"] == "met" for row in whole),
        asked=len(whole),
        source=tier["source"],
    )


def _requirement(row: Row, bearing: Bearing, *, numbers: Mapping[str, Row], doors: Doors) -> RequirementRow:
    number = numbers.get(row["number"])
    label = str(number["label"] if number else row["label"])
    href = doors.to("scorecard_number", row["number"]) if number else ""
    gate = gate_of(row, label=label[:1].upper() + label[1:], unit=number["unit"] if number else "", href=href)
    gate = _as_borne(gate, bearing)
    return RequirementRow(gate=gate, is_group=row["kind"] not in ("number", "status"), depth=max(row["depth"] - 1, 0))


def _as_borne(gate: Gate, bearing: Bearing) -> Gate:
    """A part of a group as it matters to the tier: one that must not hold is fine as long as it does not."""
    if bearing == "not needed" and gate.state != "met":
        return replace(gate, state="aside", gap="")
    if bearing == "must not" and gate.state == "met":
        return replace(gate, state="unmet", gap=_("Must not be so"))
    if bearing == "must not" and gate.state == "unmet":
        return replace(gate, state="met", gap="", note=_("Not so, as asked"))
    return gate


def gate_of(row: Row, *, label: str, unit: str, href: str = "") -> Gate:
    """A requirement with what is asked, what stands and how far away that is."""
    factor = 100 if unit == "%" else 1
    value, line, gap = (None if row[name] is None else Decimal(row[name]) * factor for name in ("value", "line", "gap"))
    return Gate(
        label=label,
        state=row["state"],
        value=value,
        threshold=line,
        comparison=_COMPARISONS.get(row["test"], "at_least"),
        unit=unit,
        gap=_gap_words(gap, row, unit) if row["state"] == "unmet" else "",
        href=href,
    )


def _gap_words(gap: Decimal | None, row: Row, unit: str) -> str:
    if gap is None:
        return ""
    if not gap:
        on_the_line = {"above": _("Reached, and a little more is asked"), "below": _("On the line, and less is asked")}
        return on_the_line.get(row["test"], "")
    rounded = short_gap(gap)
    words = _percentage_points(rounded) if unit == "%" else number_words(rounded, unit)
    if row.get("is_place"):
        return ngettext("%(number)s place to go", "%(number)s places to go", int(gap)) % {"number": words}
    if row["test"] not in LOW_TESTS:
        return _("%(number)s more") % {"number": words}
    is_counted = not unit and rounded == rounded.to_integral_value()
    return (_("%(number)s too many") if is_counted else _("%(number)s too much")) % {"number": words}


def _percentage_points(gap: Decimal) -> str:
    """Between shares lie percentage points: 2 % of 40 % would be another distance."""
    said = {"number": number_words(gap, "")}
    return _("%(number)s percentage point") % said if gap == 1 else _("%(number)s percentage points") % said


# --- one number -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """Where a page of lines begins: behind this line. What makes no sense is the beginning."""

    day: date | None = None
    key: str = ""

    @classmethod
    def of(cls, text: str) -> Cursor:
        """Read it from an address."""
        day, _, key = text.replace("\0", "").partition("~")
        try:
            return cls(day=date.fromisoformat(day), key=key)
        except ValueError:
            return cls()

    def behind(self, lines: QuerySet[ScorecardLine]) -> QuerySet[ScorecardLine]:
        """The lines behind it."""
        return lines if self.day is None else lines.filter(Q(day__lt=self.day) | Q(day=self.day, key__gt=self.key))


def number_page(
    enrolment: Enrolment,
    card: Scorecard,
    number: Row,
    *,
    standing: Standing | None,
    doors: Doors,
    actor: Actor,
    cursor: Cursor,
    left_out: bool,
    may_dispute: bool,
) -> NumberPage:
    """One number with a page of its lines."""
    by_name = {row["name"]: row for row in card.numbers}
    lines = ScorecardLine.objects.filter(enrolment=enrolment, rule__in=number["rules"])
    counts = lines.aggregate(counting=Count("pk", filter=Q(counts=True)), left_out=Count("pk", filter=Q(counts=False)))
    found = list(cursor.behind(lines.filter(counts=not left_out)).order_by("-day", "key", "id")[: PAGE_LINES + 1])
    listed = found[:PAGE_LINES]
    cases = cases_about(enrolment, [line.key for line in listed])
    said = _subjects(listed, enrolment, actor)
    lines_shown = tuple(
        with_case(line, cases.get(row.key), row, number, doors=doors, may_dispute=may_dispute)
        for row, line in zip(listed, lines_of(listed, number, by_name, doors=doors, said=said), strict=True)
    )
    here = doors.to("scorecard_number", number["name"])
    asked = {"left": "out"} if left_out else {}
    last = found[PAGE_LINES - 1] if len(found) > PAGE_LINES else None
    made_of = number.get("parts") or number["rules"]
    parts = [by_name[part] for part in made_of if part != number["name"] and part in by_name]
    return NumberPage(
        name=number["name"],
        partner=enrolment.partner.name,
        vendor=enrolment.owner.name,
        heading=number["label"],
        value=_short_number(number),
        unit=number["unit"],
        as_of=card.as_of,
        version=card.program_version,
        is_behind=is_behind(card, standing),
        is_incomplete=number["state"] == "incomplete",
        is_theirs=bool(number["withheld"]),
        source=number["source"],
        note=number["note"],
        asked_by=tuple(_asked_by(card, number)),
        parts=tuple(_number(row, doors=doors) for row in parts[:MOST_PARTS]),
        lines=lines_shown,
        shows_left_out=left_out,
        counting=counts["counting"],
        left_out=counts["left_out"],
        counting_url=here,
        left_out_url=f"{here}?left=out",
        older_url=f"{here}?{urlencode({**asked, 'after': f'{last.day}~{last.key}'})}" if last else "",
        newest_url=(f"{here}?{urlencode(asked)}" if asked else here) if cursor.day else "",
        card_url=doors.to("scorecard"),
        missing_url=doors.to("dispute_line", number["name"]) if may_dispute else "",
    )


def _asked_by(card: Scorecard, number: Row) -> Iterator[AskedBy]:
    for ladder in card.ladders:
        for tier in ladder["tiers"]:
            borne = bearings((row["path"], row["kind"], row["state"]) for row in tier["rows"])
            for row in tier["rows"]:
                if row["number"] == number["name"]:
                    gate = gate_of(row, label=tier["label"], unit=number["unit"])
                    yield AskedBy(tier=tier["label"], gate=_as_borne(gate, borne[row["path"]]))


def lines_of(
    lines: Sequence[ScorecardLine],
    number: Row,
    by_name: Mapping[str, Row],
    *,
    doors: Doors,
    said: Mapping[int, str],
) -> Iterator[Line]:
    """Lines as a person reads them; where several rules have lines, each says its rule."""
    for line in lines:
        rule = by_name.get(line.rule, number)
        is_points = rule["section"] in ("points", "score")
        yield Line(
            day=line.day,
            what=said.get(line.pk) or line.record or rule["label"],
            rule=rule["label"] if rule["name"] != number["name"] else "",
            note=note_of(line),
            amount=None if line.amount is None else short(line.amount),
            unit="" if is_points or rule["unit"] == "%" else rule["unit"],
            record=line.record,
            record_url=doors.to("scorecard_record", line.record_kind, line.record) if line.record_kind else "",
        )


def _subjects(lines: Sequence[ScorecardLine], enrolment: Enrolment, actor: Actor) -> dict[int, str]:
    """By line whom or what it is about, in words where the reader may know them."""
    things = {line.thing for line in lines if line.thing}
    called = {**customer_names(enrolment.owner_id, things), **names_of(things, enrolment=enrolment, actor=actor)}
    about = subjects_of(enrolment.owner_id, ((line.record_kind, line.record) for line in lines if line.record))
    found = {}
    for line in lines:
        thing, record = called.get(line.thing, line.thing), about.get((line.record_kind, line.record), "")
        found[line.pk] = " · ".join(part for part in (thing if thing not in record else "", record) if part)
    return found


def cases_about(enrolment: Enrolment, keys: Sequence[str]) -> Mapping[str, Dispute]:
    """The newest case about each line that has one and was not withdrawn."""
    rows = Dispute.objects.filter(enrolment=enrolment, line__in=[key for key in keys if key])
    return {case.line: case for case in rows.exclude(state=DisputeState.WITHDRAWN).order_by("opened_at", "id")}


def with_case(
    line: Line, case: Dispute | None, row: ScorecardLine, number: Row, *, doors: Doors, may_dispute: bool
) -> Line:
    """The line with its case, or with the way to open one."""
    if case is not None:
        words, tone = case_words(case)
        key = case.pk
        url = (
            doors.to("dispute", key)
            if doors.side == "portal"
            else reverse("console:dispute", args=[case.owner_id, key])
        )
        return replace(line, case=words, case_tone=tone, case_url=url)
    if not may_dispute:
        return line
    return replace(line, case_url=f"{doors.to('dispute_line', number['name'])}?{urlencode({'line': row.key})}")


# --- one record -----------------------------------------------------------------------------------------------------


def record_page(
    enrolment: Enrolment,
    card: Scorecard | None,
    record: Record,
    lines: Sequence[ScorecardLine],
    *,
    doors: Doors,
    may_dispute: bool,
) -> RecordPage:
    """One record with what it counts for."""
    by_name = {row["name"]: row for row in card.numbers} if card else {}
    rules = {line.rule: line.counts for line in lines if line.rule in by_name}
    return RecordPage(
        key=record.key,
        partner=enrolment.partner.name,
        vendor=enrolment.owner.name,
        kind=record.kind.replace("_", " ").capitalize(),
        source=record.source,
        arrived=record.arrived,
        position=record.position,
        is_removed=record.removed_at is not None,
        details=tuple(Detail(label=label, value=value) for label, value in record.details),
        counts_for=tuple(_number(by_name[rule], doors=doors) for rule, counts in rules.items() if counts),
        counted_for=tuple(_number(by_name[rule], doors=doors) for rule, counts in rules.items() if not counts),
        card_url=doors.to("scorecard"),
        dispute_url=_dispute_url(enrolment, lines, by_name, doors=doors) if may_dispute else "",
    )


def _dispute_url(
    enrolment: Enrolment, lines: Sequence[ScorecardLine], by_name: Mapping[str, Row], *, doors: Doors
) -> str:
    """Where a case about this record is opened, unless there is one."""
    chosen = next((line for line in sorted(lines, key=lambda line: not line.counts) if line.rule in by_name), None)
    if chosen is None or cases_about(enrolment, [chosen.key]):
        return ""
    return f"{doors.to('dispute_line', chosen.rule)}?{urlencode({'line': chosen.key})}"
