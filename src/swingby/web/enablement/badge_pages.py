"""Fill the page of a person's badges."""

from __future__ import annotations

from collections.abc import Mapping

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from swingby.web.design.parts import Choice
from swingby.web.domain.badges.foreign import CARRIED, GIVEN, ISSUERS
from swingby.web.domain.badges.issuing import badges_to_make, state_of
from swingby.web.domain.badges.keys import absolute
from swingby.web.domain.learning.catalogues import KeptCatalogue
from swingby.web.domain.learning.records import learner_of
from swingby.web.enablement.badge_parts import BadgeLine, BadgesPage, ForeignLine
from swingby.web.models import Badge, ForeignBadge, Organization
from swingby.web.visibility import Actor

PROOFS: Mapping[str, object] = {
    ISSUERS: _("The signature holds against the key that the issuer's own identifier names."),
    CARRIED: _(
        "The signature holds against the key that the badge carries; whose key that is, nobody here vouches for."
    ),
    GIVEN: _("The signature holds against the key that you gave."),
}


def badges_page(firm: Organization, kept: KeptCatalogue | None, *, actor: Actor) -> BadgesPage:
    """What of what somebody holds is a badge, what could be one, and badges of others."""
    learner = learner_of(firm.pk, actor.person)
    mine = Badge.objects.filter(organization_id=firm.pk, person_id=actor.person)
    return BadgesPage(
        name=firm.name,
        is_linked=learner is not None and kept is not None,
        issue_url=reverse("learning:badge_issue", args=[firm.pk]),
        import_url=reverse("learning:badge_import", args=[firm.pk]),
        badges=tuple(_line(row) for row in mine),
        free=_free(firm.pk, kept, actor) if kept else (),
        foreign=tuple(
            _foreign(row) for row in ForeignBadge.objects.filter(organization_id=firm.pk, person_id=actor.person)
        ),
    )


def _free(firm: str, kept: KeptCatalogue, actor: Actor) -> tuple[Choice, ...]:
    found = badges_to_make(firm, actor=actor, catalogue=kept.catalogue)
    return tuple(Choice(value=one.code, label=one.label) for one in found)


def _line(row: Badge) -> BadgeLine:
    state, args = state_of(row), [row.organization_id, row.pk]
    is_open = state != "withdrawn"
    return BadgeLine(
        label=row.label,
        state=state,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        shows_name=row.shows_name,
        public_url=absolute(reverse("badge", args=[row.pk])) if row.is_public else "",
        change_url=reverse("learning:badge_change", args=args) if is_open else "",
        file_url=reverse("learning:badge_file", args=args) if is_open else "",
    )


def _foreign(row: ForeignBadge) -> ForeignLine:
    return ForeignLine(
        name=row.name, issuer=row.issuer, starts_on=row.starts_on, ends_on=row.ends_on, proof=str(PROOFS[row.proof])
    )
