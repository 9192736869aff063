"""Everything of coverage that an organization counts ahead: of itself as a firm, and of its partners as a vendor."""

from __future__ import annotations

from swingby.web.domain.learning.partner_counting import count_partners
from swingby.web.domain.learning.portions import count_firm
from swingby.web.jobs import enqueue_coverage


def count_coverage(organization: str) -> bool:
    """Count some of what is due, and ask for the rest; returns whether there is some. It may run twice."""
    is_more = count_firm(organization) or count_partners(organization)
    if is_more:
        enqueue_coverage(owner=organization)
    return is_more
