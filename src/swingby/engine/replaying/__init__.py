"""What a change does: two versions of a program, or two days, over the same partners."""

from __future__ import annotations

from swingby.engine.replaying.prices import Price
from swingby.engine.replaying.results import (
    Comparison,
    Cost,
    Gap,
    GroupCount,
    Loser,
    Move,
    NearLine,
    NotReplayable,
    Reason,
    Review,
    Side,
    Stopping,
    TierCount,
)
from swingby.engine.replaying.running import backtest, compare_days, compare_versions
from swingby.engine.replaying.telling import amount, because, headline, knowledge, movements, why

__all__ = [
    "Comparison",
    "Cost",
    "Gap",
    "GroupCount",
    "Loser",
    "Move",
    "NearLine",
    "NotReplayable",
    "Price",
    "Reason",
    "Review",
    "Side",
    "Stopping",
    "TierCount",
    "amount",
    "backtest",
    "because",
    "compare_days",
    "compare_versions",
    "headline",
    "knowledge",
    "movements",
    "why",
]
