"""Vouchers: brought in, given within the budget, used by an exam, never twice; codes are secret and failures private."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from pytest_django.fixtures import Settings

from swingby.web.domain.learning.reminders import remind_learners
from swingby.web.domain.users import set_roles
from swingby.web.domain.vouchers.giving import give_voucher
from swingby.web.domain.vouchers.loading import code_of
from swingby.web.enablement.parts import MyPathPage
from swingby.web.enablement.voucher_parts import OwnVoucher, VouchersPage
from swingby.web.models import AuditEntry, Notification, NotificationKind, Person, Voucher, VoucherBudget, VoucherCode
from swingby.web.tenancy import Scope, open_scope
from tests.permissions.vouched import seal_anew
from tests.web.acting import acting, signed_in
from tests.web.enablement.firm import ADMIN, FIRM, LEAD, MEMBER, employ, key_of, of_the_firm

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 31)
CODE = "TARN-VOUCHER-1234"
HEADER = "code,certifications,price,currency,expires\n"
ROW = "EXAM-7001-QF,expert,300,USD,2026-12-31\n"


@pytest.fixture(autouse=True)
def readable() -> None:
    seal_anew(FIRM)


def post(name: str, *args: str, person: str, **said: Any) -> list[str]:
    answer = signed_in(person).post(reverse(f"learning:{name}", args=[FIRM, *args]), said)
    assert answer.status_code in {200, 302, 422}
    return [str(message) for message in get_messages(answer.wsgi_request)]


def page(person: str = LEAD) -> VouchersPage:
    shown = signed_in(person).get(reverse("learning:vouchers", args=[FIRM])).context["page"]
    assert isinstance(shown, VouchersPage)
    return shown


def mine(person: str = MEMBER) -> list[OwnVoucher]:
    shown = signed_in(person).get(reverse("learning:mine", args=[FIRM])).context["page"]
    assert isinstance(shown, MyPathPage)
    return [*shown.vouchers, *(one for line in shown.plans for one in line.vouchers)]


def states(*keys: str) -> list[str]:
    with of_the_firm():
        found = dict(Voucher.objects.filter(pk__in=keys).values_list("pk", "state"))
    return [found[key] for key in keys]


def tell(word: str, code: str = "expert", person: str = MEMBER, **said: str) -> list[str]:
    return post("tell", person=person, word=word, code=code, **said)


def on_the_way(person: str = MEMBER) -> None:
    """Somebody works here, wants it, and a lead agreed."""
    employ(key_of(person))
    tell("want", person=person)
    post("answer", "expert", person=ADMIN, word="agree", learner=key_of(person))


def given_left() -> tuple[Decimal, Decimal]:
    with of_the_firm():
        row = VoucherBudget.objects.get(organization_id=FIRM)
        return row.given, row.amount


def load(text: str, person: str = LEAD) -> VouchersPage:
    answer = signed_in(person).post(reverse("learning:vouchers_load", args=[FIRM]), {"rows": text})
    assert answer.status_code == 422
    return answer.context["page"]  # type: ignore[no-any-return]


def test_whoever_has_one_reads_its_code_on_the_path_and_nobody_else_does() -> None:
    (own,) = mine()
    assert (own.label, own.code, own.until, own.expires) == (
        "Harbor Expert",
        CODE,
        date(2026, 5, 20),
        "expires in 50 days",
    )
    assert mine(LEAD) == []
    with acting("partner-finance"):
        assert list(VoucherCode.objects.all()) == []
    with acting(LEAD):
        assert code_of(VoucherCode.objects.get(voucher_id="tarn-voucher")) == CODE
    with acting("manager"):
        assert list(VoucherCode.objects.all()) == []
        assert Voucher.objects.filter(pk="tarn-voucher").exists()


def test_a_code_is_sealed_in_the_database() -> None:
    with of_the_firm(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT to_jsonb(c)::text || to_jsonb(v)::text FROM voucher_codes c JOIN vouchers v ON v.id = c.voucher"
        )
        assert not any("-1234" in row for (row,) in cursor.fetchall())


def test_an_exam_that_is_booked_uses_it_and_one_that_is_cancelled_lets_it_go(settings: Settings) -> None:
    on_the_way()
    tell("start")
    tell("book", exam_on="2026-05-12")
    assert states("tarn-voucher") == ["used"]
    assert mine() == []
    settings.SWINGBY_TODAY = TODAY + timedelta(days=1)
    tell("cancel")
    assert states("tarn-voucher") == ["given"]
    assert [one.code for one in mine()] == [CODE]


def test_an_exam_after_its_last_day_does_not_use_it() -> None:
    on_the_way()
    tell("start")
    tell("book", exam_on="2026-05-21")
    assert states("tarn-voucher") == ["given"]


def beginner() -> None:
    """The admin is on the way, has the voucher that the vendor gave, and booked nothing."""
    on_the_way(ADMIN)
    tell("start", person=ADMIN)
    post("voucher_give", person=LEAD, learner=key_of(ADMIN), code="expert")


def test_a_failure_uses_it_and_the_lead_reads_no_more_than_that() -> None:
    beginner()
    tell("failed", person=ADMIN)
    assert states("tarn-gift") == ["used"]
    text = signed_in(LEAD).get(reverse("learning:vouchers", args=[FIRM])).content.decode()
    assert "failed" not in text.lower()
    assert "not passed" not in text.lower()
    line = next(one for one in page().lines if one.holder == "Partner-admin")
    assert (line.state, line.expires, line.can_take_back) == ("Used", "", False)


def test_passed_and_failed_leave_the_same_rows_behind() -> None:
    beginner()
    kept = []
    for word in ("passed", "failed"):
        with transaction.atomic():
            tell(word, person=ADMIN)
            with of_the_firm():
                vouchers = list(Voucher.objects.order_by("pk").values())
                kept.append((vouchers, list(VoucherCode.objects.order_by("pk").values())))
            transaction.set_rollback(True)
    assert kept[0] == kept[1]
    assert [row["state"] for row in kept[0][0] if row["id"] == "tarn-gift"] == ["used"]


def test_whoever_failed_reads_on_no_list_otherwise_than_who_passed() -> None:
    beginner()
    waiting = []
    for word in ("passed", "failed"):
        with transaction.atomic():
            tell(word, person=ADMIN)
            waiting.append(page().waiting)
            transaction.set_rollback(True)
    assert waiting[0] == waiting[1]


def test_an_exam_that_a_booking_paid_for_uses_no_second_voucher() -> None:
    on_the_way()
    tell("start")
    tell("book", exam_on="2026-03-31")
    post("voucher_give", person=LEAD, learner=key_of(MEMBER), code="expert")
    tell("failed")
    assert states("tarn-voucher", "tarn-gift") == ["used", "given"]


def test_the_second_exam_uses_the_second_voucher_and_its_cancelling_lets_only_that_one_go(settings: Settings) -> None:
    on_the_way()
    tell("start")
    tell("book", exam_on="2026-03-31")
    tell("failed")
    assert post("voucher_give", person=LEAD, learner=key_of(MEMBER), code="expert") == [
        "Given. They see the code on their path."
    ]
    tell("book", exam_on="2026-05-01")
    assert states("tarn-voucher", "tarn-gift") == ["used", "used"]
    settings.SWINGBY_TODAY = TODAY + timedelta(days=2)
    tell("cancel")
    assert states("tarn-voucher", "tarn-gift") == ["used", "given"]


def test_what_the_vendor_gave_goes_first_and_counts_in_no_budget_of_ours() -> None:
    before = given_left()
    post("voucher_give", person=LEAD, learner=key_of(ADMIN), code="expert")
    assert states("tarn-gift", "tarn-free") == ["given", "free"]
    assert given_left() == before


def test_none_is_given_beyond_the_budget() -> None:
    post("voucher_give", person=LEAD, learner=key_of(ADMIN), code="expert")
    post("voucher_budget", person=LEAD, what="vendor:harbor", year="2026", amount="1000", currency="USD")
    said = post("voucher_give", person=LEAD, learner=key_of(LEAD), code="expert")
    assert said == ["Of its budget USD\u00a0100 are left, and it costs USD\u00a0300. Raise the budget."]
    assert states("tarn-free", "tarn-leads") == ["free", "returned"]
    post("voucher_budget", person=LEAD, what="vendor:harbor", year="2026", amount="1200", currency="USD")
    post("voucher_give", person=LEAD, learner=key_of(LEAD), code="expert")
    assert given_left() == (Decimal(1200), Decimal(1200))


def test_the_database_holds_the_budget_and_the_last_day() -> None:
    for change in (
        "UPDATE voucher_budgets SET given = amount + 1",
        "UPDATE vouchers SET given_on = expires_on + 1 WHERE id = 'tarn-voucher'",
        "UPDATE vouchers SET state = 'free' WHERE id = 'tarn-voucher'",
    ):
        with pytest.raises(IntegrityError), of_the_firm(), connection.cursor() as cursor:
            cursor.execute(change)


def test_the_budget_of_a_certification_counts_before_that_of_its_vendor() -> None:
    post("voucher_budget", person=LEAD, what="code:expert", year="2026", amount="300", currency="USD")
    for person in (ADMIN, LEAD):
        post("voucher_give", person=LEAD, learner=key_of(person), code="expert")
    with of_the_firm():
        assert VoucherBudget.objects.get(organization_id=FIRM, code="expert").given == Decimal(300)
        assert VoucherBudget.objects.get(organization_id=FIRM, code="").given == Decimal(900)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"amount": "899"}, "USD\u00a0900 are given already. Say that much or more."),
        ({"currency": "EUR"}, "Vouchers were given from this budget already. Keep its currency."),
        ({"amount": "much"}, "Write the amount in digits, such as 300 or 299.50."),
        ({"currency": "dollars"}, "Write the three letters of the currency, such as USD."),
        ({"year": "2031"}, "Choose this year or the next."),
        ({"what": "vendor:nobody"}, "Choose a vendor or a certification."),
    ],
)
def test_what_no_budget_can_be_is_refused_in_words(change: dict[str, str], words: str) -> None:
    said = {"what": "vendor:harbor", "year": "2026", "amount": "5000", "currency": "USD", **change}
    assert post("voucher_budget", person=LEAD, **said) == [words]


def test_nothing_is_given_after_its_last_day_nor_twice_to_the_same_person() -> None:
    assert post("voucher_give", person=LEAD, learner=key_of(MEMBER), code="expert") == [
        "They have a voucher for it already."
    ]
    with of_the_firm():
        Voucher.objects.filter(pk__in=("tarn-free", "tarn-gift", "tarn-leads")).update(
            expires_on=TODAY - timedelta(days=1)
        )
    said = post("voucher_give", person=LEAD, learner=key_of(ADMIN), code="expert")
    assert said == ["The vouchers for it that are left have expired. Bring in codes first."]


def test_a_holder_gives_it_back_and_it_is_given_to_somebody_else() -> None:
    assert post("voucher_act", "tarn-voucher", person=MEMBER, **{"from": "mine"}) == ["You gave it back."]
    assert mine() == []
    assert states("tarn-voucher") == ["returned"]
    assert post("voucher_act", "tarn-voucher", person=MEMBER, **{"from": "mine"}) == [
        "Only a voucher that is given and not used comes back."
    ]


def test_whoever_leaves_the_firm_leaves_the_voucher_there() -> None:
    with acting(ADMIN) as actor:
        set_roles(Person.objects.get(pk=MEMBER), organization=FIRM, actor=actor, roles=[])
    assert states("tarn-voucher", "tarn-used") == ["returned", "used"]


def test_what_is_taken_back_is_free_in_the_budget_again() -> None:
    post("voucher_budget", person=LEAD, what="vendor:harbor", year="2026", amount="3000", currency="USD")
    with of_the_firm():
        Voucher.objects.filter(pk="tarn-gift").update(expires_on=TODAY - timedelta(days=1))
    post("voucher_give", person=LEAD, learner=key_of(ADMIN), code="expert")
    assert given_left() == (Decimal(1200), Decimal(3000))
    with of_the_firm():
        key = VoucherCode.objects.get(person_id=ADMIN).voucher_id
    post("voucher_act", key, person=LEAD)
    assert given_left() == (Decimal(900), Decimal(3000))


def test_a_file_comes_in_and_wrong_rows_come_back_with_their_lines() -> None:
    wrong = (
        "no,expert,300,USD,2026-12-31\n"
        "EXAM-7002-QF,nothing,300,USD,2026-12-31\n"
        "EXAM-7003-QF,expert,abc,USD,2026-12-31\n"
        "EXAM-7004-QF,expert,300,dollars,2026-12-31\n"
        "EXAM-7005-QF,expert,300,USD,31.12.2026\n"
        "EXAM-7006-QF,expert,300,USD,2026-01-01\n"
        "EXAM-7001-QF,expert,300,USD,2026-12-31\n"
    )
    shown = load(HEADER + ROW + wrong)
    assert shown.loaded == 1
    assert [(one.line, one.words) for one in shown.wrong] == [
        (3, "A code has 4 to 80 letters, digits and signs, without a space."),
        (4, "Name certifications of the catalogue by their codes. Not known: nothing."),
        (5, "Write the amount in digits, such as 300 or 299.50."),
        (6, "Write the three letters of the currency, such as USD."),
        (7, "Write the last day as year, month and day, such as 2026-12-31."),
        (8, "The last day must be today or later, within five years."),
        (9, "This code is here already. Leave the row out."),
    ]
    assert shown.text == HEADER + wrong


def test_a_file_may_be_sent_as_such() -> None:
    file = SimpleUploadedFile("codes.csv", ("\ufeff" + HEADER + ROW).encode())
    assert post("vouchers_load", person=LEAD, file=file) == ["1 voucher is here."]
    with acting(LEAD):
        codes = [code_of(row) for row in VoucherCode.objects.filter(partner_id=FIRM)]
    assert "EXAM-7001-QF" in codes


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "The first row must name the columns. Missing: code, certifications, price, currency, expires."),
        ("code,price\n", "The first row must name the columns. Missing: certifications, currency, expires."),
        (HEADER + ROW * 501, "Send at most 500 rows at once."),
    ],
)
def test_what_is_no_such_file_is_refused_in_words(text: str, words: str) -> None:
    assert post("vouchers_load", person=LEAD, rows=text) == [words]


def test_the_page_shows_who_waits_what_is_left_and_what_expires() -> None:
    on_the_way(ADMIN)
    shown = page()
    assert [(one.name, one.label, one.free) for one in shown.waiting] == [
        ("Partner-admin", "Harbor Basics", 0),
        ("Partner-admin", "Harbor Expert", 3),
    ]
    assert [(one.label, one.left) for one in shown.budgets] == [("Harbor Example", "USD\u00a02,100")]
    assert [(tile.label, tile.value, tile.note) for tile in shown.tiles] == [
        ("Free to give", Decimal(3), "USD\u00a0900"),
        ("Expire unused within 90 days", Decimal(4), "USD\u00a01,200"),
        ("Expired unused this year", Decimal(0), ""),
        (
            "To cover what is missing",
            Decimal(0),
            "1 exams at the catalogue's fees, 1 of them paid for by free vouchers",
        ),
    ]


def test_a_code_whose_secret_is_lost_says_so_and_hides_nothing_else() -> None:
    with of_the_firm():
        VoucherCode.objects.filter(partner_id=FIRM).update(sealed="sealed under a secret that is lost")
    assert {(one.masked, one.code) for one in page().lines} == {("••••", "")}
    text = signed_in(MEMBER).get(reverse("learning:mine", args=[FIRM])).content.decode()
    assert "its code cannot be read any more; ask who gave it" in text


def voucher_news(person: str) -> list[str]:
    with acting(person):
        rows = Notification.objects.filter(person_id=person, kind=NotificationKind.VOUCHER)
        return list(rows.order_by("at").values_list("words", flat=True))


def test_holders_are_told_when_it_is_given_and_before_it_expires_each_time_once() -> None:
    with of_the_firm():
        Voucher.objects.filter(pk="tarn-voucher").update(given_on=date(2026, 1, 1), expires_on=date(2026, 4, 7))
    for _ in range(2):
        remind_learners(FIRM)
    assert voucher_news(MEMBER) == [
        "Your voucher for Harbor Expert expires in 7 days, on 7 April 2026. Book the exam or give it back."
    ]
    post("voucher_give", person=LEAD, learner=key_of(ADMIN), code="expert")
    assert voucher_news(ADMIN) == ["You were given a voucher for Harbor Expert. Its last day is 20 May 2026."]


def test_what_was_given_yesterday_is_not_reminded_of_days_before_that() -> None:
    with of_the_firm():
        Voucher.objects.filter(pk="tarn-voucher").update(given_on=TODAY, expires_on=date(2026, 5, 20))
    remind_learners(FIRM)
    assert voucher_news(MEMBER) == []


def test_giving_stands_in_the_record_of_acts_without_the_holder() -> None:
    post("voucher_give", person=LEAD, learner=key_of(ADMIN), code="expert")
    with of_the_firm("harbor"):
        entry = AuditEntry.objects.filter(action="voucher.give").get()
    assert (entry.actor, entry.subject, entry.detail) == (LEAD, "tarn-gift", {})


# --- the vendor ---------------------------------------------------------------------------------------------------------


def give_partner(text: str, **said: str) -> Any:
    return signed_in("manager").post(
        reverse("console:vouchers_load", args=["harbor"]), {"rows": text, "partner": FIRM, **said}
    )


def test_a_vendor_gives_codes_to_a_partner_within_its_budget() -> None:
    assert give_partner(HEADER + ROW.replace("EXAM", "GIFT")).status_code == 302
    with acting(LEAD):
        row = Voucher.objects.get(expires_on=date(2026, 12, 31))
        assert (row.owner_id, row.is_bought) == ("harbor", False)
    with of_the_firm("harbor"):
        assert VoucherBudget.objects.get(organization_id="harbor").given == Decimal(1200)
    answer = give_partner(HEADER + "GIFT-7002,expert,2000,USD,2026-12-31\n")
    assert [one.words for one in answer.context["page"].wrong] == [
        "Of its budget USD\u00a01,800 are left, and it costs USD\u00a02,000. Raise the budget."
    ]


def test_a_vendor_reads_how_many_and_no_name_and_no_code() -> None:
    answer = signed_in("manager").get(reverse("console:vouchers", args=["harbor"]))
    shown, text = answer.context["page"], answer.content.decode()
    assert [(one.name, one.free, one.given, one.used, one.expired) for one in shown.partners] == [
        ("Sedge Example", 1, 1, 0, 0),
        ("Tarn Example", 1, 1, 0, 0),
    ]
    assert "1234" not in text
    assert "Partner-member" not in text


def test_a_vendor_gives_nothing_to_who_is_no_partner_of_it() -> None:
    answer = give_partner(HEADER + ROW, partner="loom")
    assert [str(one) for one in get_messages(answer.wsgi_request)] == ["Choose a partner."]


def test_two_who_give_the_last_one_do_not_both_give_it() -> None:
    """The update that takes it asks for its state again."""
    with of_the_firm():
        Voucher.objects.filter(pk__in=("tarn-free", "tarn-leads")).update(expires_on=TODAY - timedelta(days=1))
    with acting(LEAD) as actor:
        from swingby.web.domain.learning.catalogues import catalogue_of

        kept = catalogue_of(FIRM)
        assert kept is not None
        one = give_voucher(FIRM, actor=actor, learner=key_of(ADMIN), code="expert", catalogue=kept.catalogue)
    assert one.pk == "tarn-gift"
    assert post("voucher_give", person=LEAD, learner=key_of(LEAD), code="expert") == [
        "The vouchers for it that are left have expired. Bring in codes first."
    ]
    assert post("voucher_give", person=LEAD, learner=key_of(LEAD), code="basics") == [
        "No voucher for it is free. Bring in codes first."
    ]


def test_no_job_of_another_firm_sees_a_code() -> None:
    with transaction.atomic(), open_scope(Scope(partner_orgs=frozenset({"loom"}))):
        assert {row.partner_id for row in VoucherCode.objects.all()} == {"loom"}
