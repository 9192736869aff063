"""An exam uses the voucher that somebody has for it: once it is booked, or once somebody tells how it went.

What became of the exam stands nowhere in a voucher. Only a booking is noted with it, because one that is cancelled lets
the voucher go again.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from django.db import models, transaction

from swingby.enablement import EventKind
from swingby.web.clock import today
from swingby.web.domain.vouchers.giving import vouchers_of
from swingby.web.models import LearningEvent, Voucher, VoucherCode, VoucherState

#: What somebody tells of an exam that was sat.
_SAT: Final = (EventKind.PASSED, EventKind.FAILED)


def follow_exam(event: LearningEvent, *, person: str) -> Voucher | None:
    """Use a voucher, or let it go again, after what somebody told of the own exam; returns the voucher that was used."""
    if event.kind == EventKind.CANCELLED:
        _let_go(event, person)
    elif event.kind == EventKind.BOOKED:
        return _use(event, person, event.exam_on or today(), booking=event)
    elif event.kind in _SAT and not _is_paid(event):
        return _use(event, person, today(), booking=None)
    return None


def _use(event: LearningEvent, person: str, day: date, *, booking: LearningEvent | None) -> Voucher | None:
    """Use the one that expires first and is still good on the day of the exam."""
    mine = vouchers_of(event.organization_id, person).filter(given_for=event.code, voucher__expires_on__gte=day)
    for row in mine:
        with transaction.atomic():
            given = Voucher.objects.filter(pk=row.voucher_id, state=VoucherState.GIVEN)
            if given.update(state=VoucherState.USED) == 1:
                VoucherCode.objects.filter(pk=row.pk).update(booking=booking)
                return row.voucher
    return None


def _let_go(event: LearningEvent, person: str) -> None:
    """The voucher of the booking that was cancelled: the newest of the days before, as events of one day are taken."""
    if (booking := _newest_booking(event)) is None:
        return
    rows = VoucherCode.objects.filter(person_id=person, booking=booking).values("voucher_id")
    Voucher.objects.filter(pk__in=rows, state=VoucherState.USED).update(state=VoucherState.GIVEN)
    VoucherCode.objects.filter(person_id=person, booking=booking).update(booking=None)


def _is_paid(event: LearningEvent) -> bool:
    """Whether the exam that is told of was booked, and its booking used a voucher."""
    kinds = [EventKind.BOOKED, EventKind.CANCELLED, *_SAT]
    newest = _before(event).filter(kind__in=kinds).order_by("-id").first()
    return newest is not None and VoucherCode.objects.filter(booking=newest).exists()


def _newest_booking(event: LearningEvent) -> LearningEvent | None:
    return _before(event).filter(kind=EventKind.BOOKED, day__lt=event.day).order_by("-id").first()


def _before(event: LearningEvent) -> models.QuerySet[LearningEvent]:
    same = {"organization_id": event.organization_id, "learner": event.learner, "code": event.code}
    return LearningEvent.objects.filter(**same, pk__lt=event.pk)
