"""Reviews in tests: a program with review days, three partners on their ways, and lines that wait."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date

from django.db import connection, transaction

from swingby.engine import assess
from swingby.web.domain.facts import take_position
from swingby.web.domain.owner_facts import bring_facts
from swingby.web.domain.programs import loaded, version_in_force
from swingby.web.domain.review_opening import open_due_reviews
from swingby.web.domain.reviews import move_line
from swingby.web.domain.standings import assess_enrolment, current_position, latest_standing
from swingby.web.models import Enrolment, ProgramVersion, ReviewLine, Standing
from swingby.web.tenancy import act_for_owner
from tests.web.acting import acting

PROGRAM, OWNER = "harbor-program", "harbor"
TARN, SEDGE, NORTH = (f"{PROGRAM}-{name}" for name in ("tarn", "sedge", "sedge-north"))
TEXT = """\
program: {id: harbor-program, label: Example program, language: 1, version: "VERSION", effective: EFFECTIVE, currency: USD}
measures:
  reviews: {count: facts, of: activities, where: {kind: plan_reviewed}, over: {last: 12 months}, label: Plan reviews}
ladders:
  level:
    label: Tier
    tiers:
      - {id: member, label: Member}
      - {id: select, label: Select, requires: {measure: reviews, at_least: 1}}
      - {id: gold, label: Gold, requires: {measure: reviews, at_least: 2}}
    start: member
    promote: {each: month}
    demote: {dates: [02-01, 08-01]}
"""
#: Tarn, which joined in March 2025, is Gold since April and has no plan review of the last year on 31 January 2026; Sedge has its first one in
#: February 2026.
PLANS: tuple[tuple[str, str], ...] = (("tarn", "2025-01-10"), ("tarn", "2025-01-20"), ("sedge", "2026-02-10"))


def publish(version: str = "r", effective: str = "2025-01-02", **changes: str) -> ProgramVersion:
    """A version with review days."""
    text = TEXT.replace("VERSION", version).replace("EFFECTIVE", effective)
    for old, new in changes.items():
        text = text.replace(old, new)
    return ProgramVersion.objects.create(
        program_id=PROGRAM, owner_id=OWNER, version=version, effective=date.fromisoformat(effective),
        files={"program.yaml": text}, hash=f"hash-of-{version}-{len(text)}",
    )  # fmt: skip


def plan_reviewed(partner: str, day: str) -> None:
    key = f"plan-{partner}-{day}"
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO fact_activities (fact_id, position, source, happened_on, organization, kind, owner_org,"
            " partner_org) VALUES (%s, %s, 'tests', %s, %s, 'plan_reviewed', %s, %s)",
            [key, take_position(OWNER, batch=key), day, partner, OWNER, partner],
        )
        # Known on its day, as far as the order of positions allows.
        cursor.execute(
            "UPDATE ref_positions SET recorded_at = %s WHERE owner_org = %s AND batch = %s",
            [f"{day} 12:00+00", OWNER, key],
        )
        assert cursor.rowcount == 1


def begin(**changes: str) -> None:
    """The program with review days, the plan reviews, and everybody's standing as it was before reviews."""
    with act_for_owner(OWNER):
        version = publish(**changes)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE ref_positions SET recorded_at = '2024-01-01' WHERE owner_org = %s", [OWNER])
        for partner, day in PLANS:
            plan_reviewed(partner, day)
        position = current_position(OWNER)
        for enrolment in Enrolment.objects.filter(program_id=PROGRAM):
            held = "gold" if enrolment.pk == TARN else "member"
            Standing.objects.create(
                owner_id=OWNER, partner_id=enrolment.partner_id, enrolment=enrolment, as_of=date(2026, 3, 31),
                position=position, program_version=version, program_hash=version.hash, engine_version="0", tier=held,
                result={"held": {"level": held}},
            )  # fmt: skip


def opened(**changes: str) -> list[str]:
    begin(**changes)
    return open_due_reviews(PROGRAM, owner=OWNER)


def line_of(enrolment: str = TARN, on: str = "2026-02-01") -> ReviewLine:
    return ReviewLine.objects.select_related("partner").get(enrolment_id=enrolment, on=on, ladder="level")


def act(name: str, *, by: str = "manager", enrolment: str = TARN, on: str = "2026-02-01", **more: object) -> None:
    with acting(by) as actor:
        move_line(line_of(enrolment, on), name, actor=actor, **more)  # type: ignore[arg-type]


def state_of(enrolment: str = TARN, on: str = "2026-02-01") -> str:
    with acting("manager"):
        return line_of(enrolment, on).state


def live(enrolment: str = TARN) -> str | None:
    """The tier that counts after the live engine assessed anew."""
    with act_for_owner(OWNER):
        position = current_position(OWNER)
    assess_enrolment(enrolment, owner=OWNER, position=position)
    with act_for_owner(OWNER):
        found = latest_standing(Enrolment.objects.get(pk=enrolment))
    assert found is not None
    return found.result["held"]["level"]  # type: ignore[no-any-return]


def recomputed(*days: str, enrolment: str = TARN, known_at: int | None = None) -> Mapping[str, str | None]:
    """The tiers that the full engine finds on the ledger."""
    with act_for_owner(OWNER):
        listed = [date.fromisoformat(day) for day in days]
        rules = loaded(version_in_force(PROGRAM, on=listed[-1]))
        facts = bring_facts(OWNER, rules)
    run = assess(rules, facts, as_of=listed, known_at=known_at)
    found = {day.isoformat(): run.standing(enrolment, day).tiers["level"].tier for day in listed}
    run.close()
    facts.close()
    return found


def position() -> int:
    with act_for_owner(OWNER):
        return current_position(OWNER)


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens inside is taken back, because other tests share the world."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
