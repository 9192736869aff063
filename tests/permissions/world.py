"""A small world in which every table holds rows that could leak: two vendors, four partners, one of them in both.

Plainly an example. A seed in code, because each row must exist for each pair of owner and partner.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from swingby.web.domain.audit import record_act
from swingby.web.domain.organizations import enrol_partner, give_role, register_organization
from swingby.web.domain.tokens import hash_of
from swingby.web.models import (
    ActivityReport,
    ApiToken,
    Appeal,
    Audience,
    ComparisonKind,
    ConsoleView,
    CureDecision,
    Enrolment,
    ExceptionState,
    KeptAnswer,
    LetterReceipt,
    LineState,
    Note,
    Nudge,
    PartnerDocument,
    PartnerVisit,
    Person,
    PointsHistory,
    Program,
    ProgramVersion,
    ProposedVersion,
    Prospect,
    ReportFile,
    ReportState,
    Review,
    ReviewAct,
    ReviewLine,
    RhythmPeriod,
    RhythmState,
    SavedMapping,
    Side,
    Standing,
    StandingRequirement,
    StoredFile,
    TierException,
    TokenScope,
    UnmatchedValue,
    Upload,
    UploadState,
    UploadTable,
    VersionAct,
    VersionComparison,
    VersionEffect,
    VersionLetter,
    VersionState,
    WeekAct,
)
from swingby.web.tenancy import Scope, open_scope
from tests.permissions.cast import PEOPLE, Cast
from tests.permissions.evidence import fill_cards, share_cards
from tests.permissions.filling import fill_catalogues, fill_facts, fill_nights, share_deal
from tests.permissions.judged import fill_scorecard
from tests.permissions.learning import learn_example
from tests.permissions.posted import (
    connect_example,
    invite_example,
    open_doorway,
    post_example,
    publish_terms_for,
    share_example,
)
from tests.permissions.presenting import token_of
from tests.permissions.registered import register_examples
from tests.permissions.storied import tell_stories
from tests.permissions.timed import note_examples
from tests.permissions.told import tell_examples
from tests.permissions.vouched import bring_vouchers

VENDORS = {"harbor": "Harbor Example", "quay": "Quay Example"}
#: Partner -> (parent, vendors it is enrolled with).
PARTNERS: dict[str, tuple[str | None, tuple[str, ...]]] = {
    "tarn": (None, ("harbor",)),
    "sedge": (None, ("harbor", "quay")),
    "sedge-north": ("sedge", ("harbor",)),
    "loom": (None, ("quay",)),
}
REGIONS = {"tarn": "emea", "sedge": "apac"}
PROGRAM_TEXT = """\
program: {id: PROGRAM, label: Example program, language: 1, version: "1", effective: 2025-01-01, currency: USD}
points:
  plans: {for_each: activities, where: {kind: plan_reviewed}, earn: 20, label: Plan reviewed}
  training: {for_each: activities, where: {kind: training_completed}, earn: 4, label: Training completed}
measures:
  reviews: {count: facts, of: activities, where: {kind: plan_reviewed}, over: {last: 12 months}, label: Plan reviews}
scores:
  total: {sum: [plans, training], label: Points}
ladders:
  level:
    tiers:
      - {id: member}
      - {id: select, requires: {score: total, at_least: 20}}
      - {id: gold, requires: {all: [{score: total, at_least: 40}, {measure: reviews, at_least: 3}]}}
"""

#: The evidence files have keys that addresses can name, far from those that are handed out.
FIRST_FILE = 1_000_001
_FILE_IDS = [(owner, partner) for partner, (_, owners) in PARTNERS.items() for owner in owners]
_DOCUMENTS = [
    (f"{owner}-program-{partner}", side, audience)
    for owner, partner in _FILE_IDS
    for side in Side
    for audience in Audience
]


def build_world() -> None:
    """Fill the database, unless it is filled."""
    with transaction.atomic():
        if Person.objects.filter(pk="manager").exists():
            return
        for cast in PEOPLE:
            Person.objects.create_user(cast.email, name=cast.key.capitalize(), key=cast.key)
        for owner in VENDORS:
            with open_scope(Scope(owner_orgs=frozenset({owner}))):
                _vendor(owner)
        for owner in VENDORS:
            publish_terms_for([cast.key for cast in PEOPLE], owner=owner)
        for organization in (*VENDORS, *PARTNERS):
            open_doorway(organization)
            invite_example(organization)
            connect_example(organization)
            if organization != "quay":
                learn_example(organization)
        tell_stories()
        for cast in PEOPLE:
            _membership(cast)
            _token(cast)
            post_example(cast.key, organization=cast.organization or "harbor")
        bring_vouchers()
        note_examples()


def _membership(cast: Cast) -> None:
    if cast.organization is None or cast.role is None:
        return
    own = frozenset({cast.organization})
    with open_scope(Scope(owner_orgs=own, partner_orgs=own)):
        give_role(Person.objects.get(pk=cast.key), organization=cast.organization, role=cast.role, regions=cast.regions)


def _token(cast: Cast) -> None:
    """One for each person; the stranger's is for a place where the stranger does not work."""
    organization, moment = cast.organization or "harbor", timezone.now()
    own = frozenset({organization})
    with open_scope(Scope(owner_orgs=own, partner_orgs=own)):
        token = ApiToken.objects.create(
            id=cast.key,
            organization_id=organization,
            person_id=cast.key,
            name="Example system",
            hash=hash_of(token_of(cast.key)),
            scopes=sorted(TokenScope),
            made_at=moment,
            expires_at=moment + timedelta(days=90),
        )
        KeptAnswer.objects.create(
            organization_id=organization,
            token=token,
            route="POST /example",
            key="example",
            request_hash="example",
            status=200,
            body="{}",
            kept_at=moment,
        )


def _vendor(owner: str) -> None:
    register_organization(owner, name=VENDORS[owner], registered_by=owner)
    program = Program.objects.create(id=f"{owner}-program", owner_id=owner, name=f"{VENDORS[owner]} program")
    version = ProgramVersion.objects.create(
        program=program,
        owner_id=owner,
        version="1",
        effective=date(2025, 1, 1),
        files={"program.yaml": PROGRAM_TEXT.replace("PROGRAM", f"{owner}-program")},
        hash=f"hash-of-{owner}",
    )
    fill_catalogues(owner)
    _proposals(program)
    _review(program, version)
    _upload(owner)
    _views(owner)
    fill_cards(program)
    partners = [partner for vendor, partner in _FILE_IDS if vendor == owner]
    for partner in partners:
        # Both sides agreed: an organization that another vendor brought in is seen by then.
        with open_scope(Scope(owner_orgs=frozenset({owner}), partner_orgs=frozenset({partner}))):
            _partner(program, version, partner=partner, parent=PARTNERS[partner][0])
    share_deal(owner, partners[0], party=partners[-1])


def _partner(program: Program, version: ProgramVersion, *, partner: str, parent: str | None) -> None:
    organization = register_organization(
        partner,
        name=f"{partner.capitalize()} Example",
        registered_by=program.owner_id,
        parent=parent,
        region=REGIONS.get(partner, ""),
    )
    enrolment = enrol_partner(program, partner=organization, joined_on=date(2025, 3, 1))
    whose = {"owner_id": program.owner_id, "partner_id": partner}
    standing = Standing.objects.create(
        **whose,
        enrolment=enrolment,
        as_of=date(2026, 3, 31),
        position=1,
        program_version=version,
        program_hash=version.hash,
        engine_version="0",
        tier="member",
        result={"tier": {"id": "member", "label": "Member", "rank": 0}},
    )
    StandingRequirement.objects.create(**whose, standing=standing, requirement="total", state="unmet")
    _reports(enrolment)
    _notes(enrolment)
    ReportFile.objects.create(
        id=_FILE_IDS.index((program.owner_id, partner)) + FIRST_FILE,
        owner_id=program.owner_id,
        partner_id=partner,
        report_id=f"{enrolment.pk}-submitted",
        file=_file(program.owner_id, partner),
    )
    _promises(enrolment)
    _visits(enrolment)
    fill_facts(program.owner_id, partner)
    _review_lines(enrolment)
    _told_of_versions(enrolment)
    share_example(enrolment)
    share_cards(enrolment)


def _file(owner: str, partner: str | None = None) -> StoredFile:
    what = {"sha256": "0" * 64, "size": 1, "name": "example.csv", "media_type": "text/csv"}
    return StoredFile.objects.create(owner_id=owner, partner_id=partner, **what, stored_at=timezone.now())


def _upload(owner: str) -> None:
    """One file of each vendor, with a row in every table about loading."""
    now, file = timezone.now(), _file(owner)
    upload = Upload.objects.create(
        id=f"{owner}-upload",
        owner_id=owner,
        file=file,
        wrong_rows=file,
        state=UploadState.CHECKED,
        mapping="files: [{read: '*', as: activities, columns: {organization: Partner, kind: Type, happened_on: Day}}]",
        uploaded_by_id="operations",
        uploaded_at=now,
    )
    counts = ("rows", "new", "changed", "same", "wrong", "repeated", "withdrawn", "waiting", "vanished", "known")
    UploadTable.objects.create(
        owner_id=owner, upload=upload, table="activities", mode="events", **dict.fromkeys(counts, 0)
    )
    UnmatchedValue.objects.create(
        owner_id=owner, upload=upload, table="usage", column="product", reference="products", value="BEACON-9", rows=1
    )
    SavedMapping.objects.create(owner_id=owner, columns=["example"], text="", saved_by_id="operations", saved_at=now)
    CureDecision.objects.create(
        owner_id=owner, reference="products", value="keep-1", decided_by_id="operations", decided_at=now
    )


def _reports(enrolment: Enrolment) -> None:
    person = Person.objects.get(pk="partner-admin")
    for state in ReportState:
        report = ActivityReport.objects.create(
            id=f"{enrolment.pk}-{state}",
            owner_id=enrolment.owner_id,
            partner_id=enrolment.partner_id,
            enrolment=enrolment,
            kind="plan_reviewed",
            happened_on=date(2026, 3, 1),
            state=state,
            submitted_by=person,
            submitted_at=datetime(2026, 3, 2, 9, tzinfo=UTC),
        )
        _acts(report)


def _acts(report: ActivityReport) -> None:
    record_act(report, side=Side.VENDOR, actor="manager", action="example", subject=report.pk)
    with open_scope(Scope(partner_orgs=frozenset({report.partner_id}))):
        record_act(report, side=Side.PARTNER, actor="partner-admin", action="example", subject=report.pk)


def _promises(enrolment: Enrolment) -> None:
    for side in Side:
        RhythmPeriod.objects.create(
            owner_id=enrolment.owner_id,
            partner_id=enrolment.partner_id,
            enrolment=enrolment,
            rhythm=f"{side}-example",
            label="An example",
            side=side,
            starts_on=date(2025, 10, 1),
            last_day=date(2025, 12, 31),
            asked=1,
            done=0,
            state=RhythmState.MISSED,
        )


def _visits(enrolment: Enrolment) -> None:
    whose = {"owner_id": enrolment.owner_id, "partner_id": enrolment.partner_id}
    Nudge.objects.create(
        **whose,
        enrolment=enrolment,
        rhythm="partner-example",
        starts_on=date(2025, 10, 1),
        text="An example.",
        sent_by_id="success",
        sent_at=datetime(2025, 12, 1, 9, tzinfo=UTC),
    )
    Prospect.objects.create(**whose, enrolment=enrolment)
    PointsHistory.objects.create(**whose, enrolment=enrolment, as_of=date(2026, 3, 1), position=0, label="Points")
    WeekAct.objects.create(
        **whose,
        enrolment=enrolment,
        rule="an example",
        deed="done",
        person_id="success",
        at=datetime(2025, 3, 1, 9, tzinfo=UTC),
        until=date(2025, 3, 31),
    )
    fill_nights(enrolment)
    fill_scorecard(enrolment)
    register_examples(enrolment)
    tell_examples(enrolment)
    for person in ("manager", "success"):
        with open_scope(Scope(owner_orgs=frozenset({enrolment.owner_id}), person=person)):
            PartnerVisit.objects.create(
                **whose, enrolment=enrolment, person_id=person, seen_at=datetime(2026, 3, 1, 9, tzinfo=UTC)
            )


def _views(owner: str) -> None:
    for person in ("manager", "success"):
        with open_scope(Scope(owner_orgs=frozenset({owner}), person=person)):
            ConsoleView.objects.create(owner_id=owner, person_id=person, table="an example", columns=["tier"])


def _notes(enrolment: Enrolment) -> None:
    scopes = {
        Side.VENDOR: Scope(owner_orgs=frozenset({enrolment.owner_id})),
        Side.PARTNER: Scope(partner_orgs=frozenset({enrolment.partner_id})),
    }
    for side, scope in scopes.items():
        with open_scope(scope):
            for audience in Audience:
                Note.objects.create(
                    owner_id=enrolment.owner_id,
                    partner_id=enrolment.partner_id,
                    side=side,
                    audience=audience,
                    written_by_id="manager",
                    written_at=timezone.now(),
                    text=f"{side} {audience}",
                )
                _document(enrolment, side=side, audience=audience)


def _document(enrolment: Enrolment, *, side: Side, audience: Audience) -> None:
    PartnerDocument.objects.create(
        id=_DOCUMENTS.index((enrolment.pk, side, audience)) + FIRST_FILE,
        owner_id=enrolment.owner_id,
        partner_id=enrolment.partner_id,
        side=side,
        audience=audience,
        file=_file(enrolment.owner_id, enrolment.partner_id),
        added_by_id="manager",
        added_at=timezone.now(),
    )


# --- versions on their way ------------------------------------------------------------------------------------------


def _proposals(program: Program) -> None:
    """One that only its owner sees, one that partners see."""
    for state in (VersionState.DRAFT, VersionState.PREVIEW):
        proposed = ProposedVersion.objects.create(
            id=f"{program.pk}-{state}",
            owner_id=program.owner_id,
            program=program,
            version=f"2-{state}",
            effective=date(2026, 8, 1),
            files={"program.yaml": next_text(program.pk, version=f"2-{state}")},
            hash="example",
            is_sound=True,
            state=state,
            drafted_by_id="manager",
            drafted_at=datetime(2026, 3, 1, 9, tzinfo=UTC),
        )
        whose = {"owner_id": program.owner_id, "proposed": proposed}
        VersionAct.objects.create(**whose, act="draft", at=proposed.drafted_at, person_id="manager")
        VersionComparison.objects.create(
            **whose,
            id=f"{proposed.pk}-comparison",
            kind=ComparisonKind.BACKTEST,
            first=date(2025, 3, 31),
            last=date(2026, 3, 31),
            asked_at=proposed.drafted_at,
        )


def next_text(program: str, *, version: str) -> str:
    """The program with a higher line for gold, from August."""
    text = PROGRAM_TEXT.replace("PROGRAM", program).replace('"1"', f'"{version}"')
    return text.replace("2025-01-01", "2026-08-01").replace("at_least: 40", "at_least: 60")


def _told_of_versions(enrolment: Enrolment) -> None:
    whose = {"owner_id": enrolment.owner_id, "partner_id": enrolment.partner_id}
    for proposed in ProposedVersion.objects.filter(program_id=enrolment.program_id, owner_id=enrolment.owner_id):
        VersionEffect.objects.create(
            **whose, proposed=proposed, enrolment=enrolment, ladder="level", direction="down", before="Gold"
        )
        letter = VersionLetter.objects.create(
            **whose, proposed=proposed, enrolment=enrolment, text="An example.", sent_at=proposed.drafted_at
        )
        with open_scope(Scope(partner_orgs=frozenset({enrolment.partner_id}))):
            LetterReceipt.objects.create(**whose, letter=letter, person_id="partner-admin", at=proposed.drafted_at)


# --- reviews ----------------------------------------------------------------------------------------------------------


def _review(program: Program, version: ProgramVersion) -> None:
    Review.objects.create(
        id=f"{program.pk}-review",
        owner_id=program.owner_id,
        program=program,
        program_version=version,
        program_hash=version.hash,
        engine_version="0",
        position=1,
        ladder="badge",
        ladder_label="Tier",
        on=date(2026, 2, 1),
        looked_at=date(2026, 1, 31),
        lowers=True,
        partners=3,
        opened_at=datetime(2026, 2, 1, 1, tzinfo=UTC),
        document="{}",
    )


def _review_lines(enrolment: Enrolment) -> None:
    """A line that waits and one with an appeal; an exception that waits and one that was granted."""
    whose = {"owner_id": enrolment.owner_id, "partner_id": enrolment.partner_id}
    review = Review.objects.get(pk=f"{enrolment.program_id}-review")
    for state, ladder in ((LineState.WAITS, "badge"), (LineState.AT_ONCE, "badge[x]")):
        line = ReviewLine.objects.create(
            **whose, id=f"{enrolment.pk}-line-{state}", review=review, enrolment=enrolment, ladder=ladder,
            ladder_label="Tier", on=review.on, direction="down", before="gold", before_label="Gold", before_rank=2,
            after="member", after_label="Member", after_rank=0, holds_from=review.on, state=state,
            decided_at=datetime(2026, 3, 20, 9, tzinfo=UTC),
            requirements=[{"path": "gold", "label": "Plan reviews at least 3", "result": "unmet", "value": "1", "line": "3"}],
        )  # fmt: skip
        ReviewAct.objects.create(
            owner_id=enrolment.owner_id,
            line=line,
            act="recommend",
            at=review.opened_at,
            person_id="success",
            words="Hold.",
        )
    with open_scope(Scope(partner_orgs=frozenset({enrolment.partner_id}))):
        Appeal.objects.create(
            **whose, id=f"{enrolment.pk}-appeal", line=line, words="Look again.", filed_by_id="partner-admin",
            filed_at=review.opened_at, answer_due=review.opened_at,
        )  # fmt: skip
    for stands in (ExceptionState.ASKED, ExceptionState.GRANTED):
        TierException.objects.create(
            **whose, id=f"{enrolment.pk}-exception-{stands}", enrolment=enrolment, ladder="badge", ladder_label="Tier",
            tier="gold", tier_label="Gold", tier_rank=2, first=date(2026, 3, 1), until=date(2026, 9, 1), state=stands,
            asked_by_id="success", asked_at=review.opened_at,
        )  # fmt: skip
