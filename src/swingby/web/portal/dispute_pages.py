"""Fill the pages of disputes from what is stored."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from swingby.web.clock import today
from swingby.web.domain.dispute_cures import may_cure
from swingby.web.domain.disputes import acts_open_to
from swingby.web.domain.programs import loaded, version_in_force
from swingby.web.domain.queries.kinds import reportable_kinds
from swingby.web.models import TO_CURE, Dispute, DisputeState, Enrolment
from swingby.web.portal.dispute_parts import CasePage, CaseRow
from swingby.web.portal.dispute_words import CURES, case_row
from swingby.web.portal.scorecard_pages import Doors
from swingby.web.visibility import Actor

MOST_ROWS = 100
_ANSWERS = {
    "uphold": ("They are right", "Something is put right as they say."),
    "change": ("Right in part", "Something is put right, in another way. Say how."),
    "decline": ("It stays as it is", "The line is right. Say why."),
}


def partner_cases(enrolment: Enrolment) -> tuple[CaseRow, ...]:
    """All cases of a partner, the newest first."""
    rows = Dispute.objects.select_related("partner", "opened_by").filter(enrolment=enrolment)[:MOST_ROWS]
    return tuple(case_row(case, url=reverse("portal:dispute", args=[enrolment.pk, case.pk])) for case in rows)


def waiting_cases(owner: str) -> tuple[tuple[CaseRow, ...], tuple[CaseRow, ...], tuple[CaseRow, ...]]:
    """The vendor's queue: what waits for an answer, what waits to be put right, what was done lately."""
    rows = Dispute.objects.select_related("partner", "opened_by").filter(owner_id=owner)
    waiting = rows.filter(state=DisputeState.OPEN).order_by("answer_due", "id")[:MOST_ROWS]
    to_cure = rows.filter(state__in=TO_CURE, cured_at=None).order_by("answered_at", "id")[:MOST_ROWS]
    done = rows.exclude(state=DisputeState.OPEN).exclude(state__in=TO_CURE, cured_at=None)
    return _rows(waiting), _rows(to_cure), _rows(done.order_by("-answered_at", "-opened_at")[:20])


def _rows(cases: Iterable[Dispute]) -> tuple[CaseRow, ...]:
    return tuple(case_row(case, url=reverse("console:dispute", args=[case.owner_id, case.pk])) for case in cases)


def case_page(case: Dispute, *, doors: Doors, actor: Actor, file_url: str) -> CasePage:
    """One case as one of the sides reads it."""
    acts = acts_open_to(actor, dispute=case)
    is_ours = doors.side == "console"
    cures = is_ours and may_cure(actor, dispute=case)
    row = case_row(case, url="")
    return CasePage(
        row=row,
        words=case.words,
        file_name=case.file.name if case.file else "",
        file_url=file_url if case.file else "",
        answer=case.answer,
        answered_by=case.answered_by.name if case.answered_by else "",
        answered_at=case.answered_at,
        is_open=case.state == DisputeState.OPEN,
        waits_for_cure=case.state in TO_CURE and case.cured_at is None,
        cure=CURES.get(case.cure, ""),
        cured_at=case.cured_at,
        cure_url=doors.to("scorecard_record", case.cure_kind, case.cure_record) if case.cure_record else "",
        number_url=doors.to("scorecard_number", case.number),
        record_url=doors.to("scorecard_record", case.record_kind, case.record) if case.record_kind else "",
        answers=tuple((act, *words) for act, words in _ANSWERS.items() if is_ours and act in acts),
        kinds=_kinds(case) if cures else (),
        may_withdraw=not is_ours and "withdraw" in acts,
        may_cure=cures,
        may_remove=cures and bool(case.record),
    )


def _kinds(case: Dispute) -> tuple[tuple[str, str], ...]:
    program = case.enrolment.program_id
    return tuple((row.kind, row.label) for row in reportable_kinds(loaded(version_in_force(program, on=today()))))
