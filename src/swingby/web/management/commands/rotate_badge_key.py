"""Sign an organization's badges with a new key: ``python -m swingby.web rotate_badge_key ORGANIZATION [--stolen]``."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from swingby.web.domain.badges.keys import rotate_key
from swingby.web.models import Organization
from swingby.web.tenancy import Scope, open_scope


class Command(BaseCommand):
    """Replace the key that signs badges."""

    help = "Sign badges with a new key. With --stolen nothing holds any more that older keys signed."

    def add_arguments(self, parser: CommandParser) -> None:
        """The organization, and whether others have its key."""
        parser.add_argument("organization", metavar="ORGANIZATION")
        parser.add_argument("--stolen", action="store_true", help="the old keys are not published any more")

    def handle(self, *_: Any, organization: str, stolen: bool, **__: Any) -> None:
        """Replace and say."""
        own = frozenset({organization})
        with transaction.atomic(), open_scope(Scope(owner_orgs=own, partner_orgs=own)):
            if not Organization.objects.filter(pk=organization).exists():
                raise CommandError(f"There is no organization {organization}.")
            signer = rotate_key(organization, is_stolen=stolen)
        self.stdout.write(f"Badges of {organization} are signed with {signer.kid} from now on.")
