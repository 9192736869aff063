"""Print the latest stored standings that the engine computed, and each of them replayed from the facts known then."""

from __future__ import annotations

import json
import sys

#: Those whom the site's set-up assesses, and how many standings each gets after it.
COMPUTED, TURNS = ("harbor-program-tarn", "harbor-program-sedge"), 10


def main() -> None:
    import django

    django.setup()

    from swingby.web.domain.standings import standing_source
    from swingby.web.models import Standing
    from swingby.web.tenancy import act_for_owner

    stored, computed = [], []
    with act_for_owner("harbor"):
        for enrolment in COMPUTED:
            rows = Standing.objects.filter(enrolment_id=enrolment).select_related("enrolment", "program_version")
            for kept in rows.order_by("-as_of", "-position", "-id")[: TURNS + 1]:
                found = standing_source().assess(
                    kept.program_version, enrolment=kept.enrolment, as_of=kept.as_of, position=kept.position
                )
                said = f"{enrolment} at {kept.position}: {kept.program_hash}"
                stored.append(f"{said} {words(kept.tier, kept.result, kept.requirements.all())}")
                computed.append(f"{said} {words(found.tier, found.result, found.requirements)}")
    sys.stdout.write(json.dumps([stored, computed]))


def words(tier: str, result: object, requirements: object) -> str:
    """A standing in words that two of them share only if they are equal."""
    score = json.loads(json.dumps(result["score"]))  # type: ignore[index]
    rows = sorted(str((row.ladder, row.tier, row.requirement, row.state)) for row in requirements)  # type: ignore[attr-defined]
    return f"{tier} {score} {rows}"


if __name__ == "__main__":
    main()
