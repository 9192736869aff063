"""Rows of lists that the application cannot keep, although the engine could: they are told as wrong, with what to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from swingby.facts import Proposal, leave_out
from swingby.web.models import Enrolment, Organization
from swingby.web.models import Program as StoredProgram

_UNKNOWN = ("Nobody is known by this id.", "Load the list of organizations first, then this one again.")
_HINT = "Send that id with the new days; an end after 2100 opens it again."


def refuse_unfit_rows(proposal: Proposal, *, owner: str) -> Proposal:
    """Leave out who would be in a program without being known, or a second time."""
    if not proposal.references.get("enrolments", (0, 0))[0]:
        return proposal
    rows = _rows(proposal, "SELECT enrolment, organization FROM added_enrolments ORDER BY 1")
    unknown = _unknown(proposal, {organization for _, organization in rows})
    twice = _twice(owner, [(key, organization) for key, organization in rows if organization not in unknown])
    for words, code in (
        ({key: _UNKNOWN for key, organization in rows if organization in unknown}, "reference-unknown"),
        (twice, "id-twice"),
    ):
        proposal = leave_out(proposal, "enrolments", words, place=("organization", code)) if words else proposal
    return proposal


def _unknown(proposal: Proposal, organizations: set[str]) -> set[str]:
    known = set(Organization.objects.filter(pk__in=organizations).values_list("pk", flat=True))
    come = (
        {key for (key,) in _rows(proposal, "SELECT organization FROM added_organizations")}
        if proposal.references.get("organizations", (0, 0))[0]
        else set()
    )
    return organizations - known - come


def _twice(owner: str, rows: Iterable[tuple[str, str]]) -> Mapping[str, tuple[str, str]]:
    """Those of a partner who is in the program under another id, which is said."""
    program = StoredProgram.objects.filter(owner_id=owner).order_by("id").first()
    found = Enrolment.objects.filter(program=program).values_list("partner_id", "pk")
    known, words = dict(found), {}
    for key, organization in rows:
        first = known.setdefault(organization, key)
        if first != key:
            words[key] = (f"This partner is in the program already, under the id {first}.", _HINT)
    return words


def _rows(proposal: Proposal, query: str) -> list[tuple[str, ...]]:
    return proposal.incoming.connection.execute(query).fetchall()
