"""What a line of a scorecard says in words, and what a case about it would be about."""

from __future__ import annotations

from collections.abc import Mapping

from swingby.web.domain.disputes import Matter
from swingby.web.models import Enrolment, Scorecard, ScorecardLine
from swingby.web.rounding import short

#: What a line is, where that is not simply a record that counts.
KINDS: Mapping[str, str] = {
    "recomputed": "Worked out from a number",
    "cap": "Over a limit",
    "gate": "Not opened yet",
    "reversal": "Taken back",
    "rounding": "Rounding",
    "score cap": "Over the limit of all points",
    "removed": "No longer counts: the record was taken out",
    "moved": "No longer counts: it belongs to nobody of yours any more",
    "old": "No longer counts: it is older than what counts",
}
_ENDED: Mapping[str, str] = {
    "expired": "No longer counts: expired on {day}",
    "ended": "No longer counts: ended on {day}",
    "cancelled": "No longer counts: cancelled on {day}",
}


def matter_of(enrolment: Enrolment, *, number: str, line: str) -> Matter | None:
    """What a case would be about: a number of the scorecard, and perhaps one of its lines; None if there is none."""
    card = Scorecard.objects.filter(pk=enrolment.pk).first()
    found = next((row for row in card.numbers if row["name"] == number), None) if card else None
    if found is None or "\0" in line:
        return None
    if not line:
        return Matter(number=number, number_label=found["label"])
    row = ScorecardLine.objects.filter(enrolment=enrolment, key=line, rule__in=found["rules"]).first()
    if row is None:
        return None
    return Matter(number=number, number_label=found["label"], line=row, line_words=words_of(row))


def words_of(line: ScorecardLine) -> str:
    """A line in one sentence, as it reads today."""
    amount = "" if line.amount is None else f"{short(line.amount).normalize():+,f}"
    parts = [f"{line.day:%-d %B %Y}", line.thing or line.record, amount, note_of(line)]
    return " · ".join(part for part in parts if part)


def note_of(line: ScorecardLine) -> str:
    """What there is to say of a line: a limit, why it no longer counts, until when it counts."""
    if line.kind in _ENDED and line.until:
        return _ENDED[line.kind].format(day=f"{line.until:%-d %B %Y}")
    if line.kind in KINDS:
        return KINDS[line.kind]
    return f"Counts until {line.until:%-d %B %Y}" if line.until else ""
