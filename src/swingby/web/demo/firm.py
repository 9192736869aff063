"""Load what a firm keeps of its own people: facts, catalogue, names, what is on the way, what vendors' tiers ask."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from django.db import transaction

from swingby.enablement import AskedByTiers, Catalogue, EventKind, tier_asks
from swingby.engine import assess
from swingby.facts import FactSet, read_folder
from swingby.generation.firm import example_firm, read_firm
from swingby.program import Program, load
from swingby.web.clock import now, today
from swingby.web.demo.facts import copy_facts
from swingby.web.demo.languages import say_example_languages
from swingby.web.demo.matching import match_people
from swingby.web.demo.stories import tell_example_stories
from swingby.web.demo.studies import found_example_groups
from swingby.web.demo.vendors import load_vendors, say_stakes
from swingby.web.demo.vouchers import bring_example_vouchers
from swingby.web.domain.learning.board_choices import countries_by_person
from swingby.web.domain.learning.boards import count_boards
from swingby.web.domain.learning.catalogues import catalogue_of, kept, take_catalogue
from swingby.web.models import (
    BoardChoice,
    CertificationNeed,
    Learner,
    LearningEvent,
    Membership,
    Organization,
    Person,
    ShownAs,
    Stake,
)
from swingby.web.tenancy import Scope, open_scope

OWN = "enablement"
#: So many ask to be shown one by one.
SHOWN = 16


def load_firm(folder: Path, described: Path | None = None) -> bool:
    """Bring what ``generate_firm`` wrote into the database; False if the firm is not there, or has it already.

    The firm is a partner in an example that was loaded before. It comes in whole or not at all, so that a start that was
    stopped in the middle is taken up by the next one.

    Parameters
    ----------
    described
        The firm's file, with its catalogue beside it; that of the example firm if left out.
    """
    described = described or example_firm()
    if described is None:
        return False
    firm, catalogue = read_firm(described).key, described.parent / "catalogue"
    with transaction.atomic():
        held = _keep_records(folder, firm, catalogue)
        if held is not None:
            _add_what_people_do(folder, firm, held)
    return held is not None


def _keep_records(folder: Path, firm: str, catalogue: Path) -> Catalogue | None:
    """The firm's catalogue, facts, names and needs; None if the firm is not there, or has them already."""
    own = frozenset({firm})
    with open_scope(Scope(owner_orgs=own, partner_orgs=own)):
        if not Organization.objects.filter(pk=firm).exists() or catalogue_of(firm):
            return None
        texts = {file.name: file.read_text(encoding="utf-8") for file in sorted(catalogue.glob("*.yaml"))}
        held = kept(take_catalogue(firm, texts, on=today())).catalogue
        program = _program(folder / "programs" / OWN)
        with read_folder(folder / "facts" / OWN, program) as facts:
            copy_facts(facts, program, owner=firm)
            LearningEvent.objects.bulk_create(_events(facts, firm), batch_size=1000)
            CertificationNeed.objects.bulk_create(_deal_needs(facts, firm), batch_size=1000)
        _link_people(folder / "names.csv", firm)
        CertificationNeed.objects.bulk_create(_tier_needs(folder, firm, held))
    return held


def _add_what_people_do(folder: Path, firm: str, held: Catalogue) -> None:
    match_people(folder, firm)
    _ask_to_be_shown(firm)
    say_example_languages(firm)
    count_boards(firm)
    tell_example_stories(firm, held)
    bring_example_vouchers(firm, held)
    found_example_groups(firm, held)


def load_firm_vendors(folder: Path, described: Path | None = None) -> None:
    """Bring the other vendors of the firm, and what it says of their programs, unless it said something already."""
    described = described or example_firm()
    if described is None:
        return
    firm = read_firm(described).key
    with transaction.atomic(), open_scope(Scope(partner_orgs=frozenset({firm}))):
        stored = catalogue_of(firm)
        if stored is None or Stake.objects.exists():
            return
        vendors = dict(stored.catalogue.vendors)
    load_vendors(folder, firm, vendors)
    say_stakes(folder, firm)


def _program(folder: Path) -> Program:
    program = load(folder).program
    if program is None:
        raise RuntimeError(f"{folder} is not a program without errors.")
    return program


def _link_people(names: Path, firm: str) -> None:
    """Everybody in the firm's records is a person; who signs in already is known by the name."""
    with names.open(encoding="utf-8", newline="") as file:
        named = [(row["person"], row["name"]) for row in csv.DictReader(file)]
    posts = Membership.objects.select_related("person").filter(organization_id=firm)
    known = {post.person.name: post.person_id for post in posts}
    new = [
        Person(id=f"{firm}-{key}", email=f"{key}@{firm}.example", name=name, password="!")  # noqa: S106 - nobody signs in with it
        for key, name in named
        if name not in known
    ]
    Person.objects.bulk_create(new, batch_size=1000)
    Learner.objects.bulk_create(
        [Learner(organization_id=firm, key=key, person_id=known.get(name, f"{firm}-{key}")) for key, name in named],
        batch_size=1000,
    )


def _ask_to_be_shown(firm: str) -> None:
    """Some want to be among people on the board, every second by a pseudonym."""
    own = frozenset({firm})
    with transaction.atomic():
        with open_scope(Scope(partner_orgs=own)):
            known = {row.key: row for row in Learner.objects.filter(organization_id=firm)}
            here = sorted(countries_by_person(firm, list(known)))
            learners = [known[key] for key in here if key in known][:: max(1, len(here) // SHOWN)]
        for nth, learner in enumerate(learners):
            with open_scope(Scope(partner_orgs=own, person=learner.person_id)):
                BoardChoice.objects.create(
                    organization_id=firm,
                    person_id=learner.person_id,
                    learner=learner.key,
                    shown_as=ShownAs.PSEUDONYM if nth % 2 else ShownAs.NAME,
                    pseudonym=f"Comet {1_000 + 37 * nth}",
                    chosen_at=now(),
                )


def _events(facts: FactSet, firm: str) -> Iterator[LearningEvent]:
    """The exams that are booked, and the last study of each path: earlier ones change no state of today.

    Exams that were failed are the person's own, and nobody here is that person.
    """
    rows = facts.connection.execute(
        "SELECT person, code, 'booked', starts_on, ends_on FROM fact_exams_booked WHERE reversed_position IS NULL"
        " UNION ALL SELECT person, code, 'started', max(happened_on), NULL FROM fact_study_hours"
        " WHERE reversed_position IS NULL GROUP BY person, code ORDER BY ALL"
    ).fetchall()
    for person, code, kind, day, exam_on in rows:
        yield LearningEvent(
            organization_id=firm,
            learner=person,
            code=code,
            kind=EventKind(kind),
            day=day,
            exam_on=exam_on,
            told_at=now(),
        )


def _deal_needs(facts: FactSet, firm: str) -> Iterator[CertificationNeed]:
    rows = facts.connection.execute(
        "SELECT code, CAST(people AS INTEGER), deal, starts_on, ends_on FROM fact_deal_demands"
        " WHERE reversed_position IS NULL ORDER BY ALL"
    ).fetchall()
    for code, people, deal, start, end in rows:
        yield CertificationNeed(
            organization_id=firm,
            kind="deal",
            source=f"Deal {deal}",
            codes=[code],
            people=people,
            starts_on=start,
            ends_on=end,
        )


def _tier_needs(folder: Path, firm: str, catalogue: Catalogue) -> Iterator[CertificationNeed]:
    for place in sorted((folder / "programs").iterdir()):
        if place.name in catalogue.vendors:
            asked = _asked(place, folder / "facts" / place.name, catalogue)
            for ask in asked.asks:
                yield CertificationNeed(
                    organization_id=firm,
                    vendor=ask.vendor,
                    kind=ask.purpose,
                    source=ask.requirement.source,
                    label=ask.label,
                    codes=list(ask.requirement.codes),
                    people=ask.requirement.people,
                    starts_on=today(),
                )


def _asked(place: Path, facts_folder: Path, catalogue: Catalogue) -> AskedByTiers:
    program = _program(place)
    day = today()
    return tier_asks(program, catalogue, _held(program, facts_folder, day), day)


def _held(program: Program, folder: Path, day: date) -> Mapping[str, str | None]:
    with read_folder(folder, program) as facts:
        (standing,) = assess(program, facts, as_of=day)
    return {ladder: tier.tier for ladder, tier in standing.tiers.items()}
