"""Are the chains of acts whole? ``python -m swingby.web verify_audit ORGANIZATION ... [--heads FILE]``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from swingby.web.domain.audit_checks import Chain, Heads, check_chains
from swingby.web.tenancy import Scope, open_scope


class Command(BaseCommand):
    """Check every chain of some organizations; say where one is broken, and end with 1 then."""

    help = "Check that the record of acts is whole. Keep what --heads writes elsewhere: it shows what is cut off later."

    def add_arguments(self, parser: CommandParser) -> None:
        """The organizations, and the file of heads."""
        parser.add_argument("organizations", nargs="+", metavar="ORGANIZATION")
        parser.add_argument(
            "--heads", type=Path, help="compared with if it is there, then written anew if all is whole"
        )

    def handle(self, *_: Any, organizations: list[str], heads: Path | None, **__: Any) -> None:
        """Check and say."""
        known = _read(heads) if heads and heads.exists() else {}
        chains = [chain for each in organizations for chain in _check(each, known)]
        for chain in chains:
            for what in chain.breaks:
                self.stdout.write(f"{chain.name}: {what}")
        if any(chain.breaks for chain in chains):
            raise CommandError("The record of acts was tampered with, or rows were lost.")
        if heads:
            kept = {**known, **{chain.name: (chain.number, chain.hash) for chain in chains}}
            heads.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        total = sum(chain.number for chain in chains)
        self.stdout.write(f"{len(chains)} chains with {total:,} entries are whole.")


def _check(organization: str, heads: Heads) -> tuple[Chain, ...]:
    own = frozenset({organization})
    with transaction.atomic(), open_scope(Scope(owner_orgs=own, partner_orgs=own)):
        return check_chains(organization, heads=heads)


def _read(file: Path) -> Heads:
    try:
        said = json.loads(file.read_text(encoding="utf-8"))
        return {str(name): (int(number), str(hash_)) for name, (number, hash_) in said.items()}
    except (ValueError, AttributeError, TypeError) as error:
        raise CommandError(f"{file} is not a file of heads. Name one that this command wrote.") from error
