"""The lines that verdicts are drawn at. They are judgement, not measured; so they have names and stand in one place."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """Lines for verdicts and checks.

    Attributes
    ----------
    fewest_begun, fewest_compared
        Partners on either side without which nothing is said.
    fewest_by_lot
        The same on either side of a lot.
    fewest_in_drawn_wave
        Partners in a wave of an experiment without which it is not planned.
    most_unlike_missing
        By how much the shares of partners without an outcome may differ between the sides of a lot.
    fewest_before
        Periods before the act without which a partner is left out.
    fewest_effective
        Comparison partners that remain when they are weighed to be like those who began (effective number).
    fewest_comparable
        The share of those who began that has a comparison partner like it.
    wide_comparison
        With so many partners that never begin, only these are compared with.
    few_partners
        Up to so many partners, probabilities come from drawing who began again by lot.
    fewest_in_wave
        Waves of fewer partners are never shown by themselves, only within lags.
    alarm
        The probability below which a test rings.
    kept_beyond_line
        The share of the effect that must remain beyond the line of the leads for "suggested".
    draws
        Draws behind simultaneous bands and behind lots.
    fewest_for_trait
        Partners in a wave for each trait without which odds of beginning are not estimated.
    filled_months
        The share of partner-months with an outcome from which on months are looked at rather than quarters.
    fewest_opportunities
        Closed opportunities before and after without which a partner has no win rate.
    one_day
        With so large a share of acts on the first day of their source, that day is an import's.
    fewest_exposed
        Partners below which names and shares are shown rather than Gini's index.
    fewest_buyers, fewest_repeats
        Partners, and repeated purchases of the middle one, below which a partner's own history is drawn towards its region's.
    most_off
        By how much a forecast of the past may have been off.
    most_related
        How far the number of purchases and their size may go together.
    redrawn
        How often partners are drawn again for the range of a forecast.
    fewest_spells
        Partners or customers without which no curve is drawn.
    fewest_departures
        Departures for each thing that is looked at, without which no hazard ratio is told.
    fewest_tries
        Past origins without which a forecast is not tried.
    fewest_with_cost
        The share of those that began whose cost must be known for a return to be shown.
    most_apart
        By how many standard deviations groups that were weighed to be alike may still be apart (Austin 2009).
    most_unknown
        The share of deals of which it may be unknown where they came from.
    forecast_apart
        For so many of the largest partners a forecast of their own is tried.
    """

    fewest_begun: int = 20
    fewest_compared: int = 20
    fewest_by_lot: int = 5
    fewest_in_drawn_wave: int = 10
    most_unlike_missing: float = 0.05
    fewest_before: int = 3
    fewest_effective: float = 20
    fewest_comparable: float = 0.8
    wide_comparison: int = 20
    few_partners: int = 80
    fewest_in_wave: int = 5
    alarm: float = 0.05
    kept_beyond_line: float = 0.5
    draws: int = 999
    fewest_for_trait: int = 10
    filled_months: float = 0.8
    fewest_opportunities: int = 5
    one_day: float = 0.5
    fewest_exposed: int = 50
    fewest_buyers: int = 200
    fewest_repeats: int = 2
    most_off: float = 0.20
    most_related: float = 0.20
    redrawn: int = 40
    fewest_spells: int = 20
    fewest_departures: int = 10
    fewest_tries: int = 4
    most_apart: float = 0.1
    most_unknown: float = 0.2
    forecast_apart: int = 50
    fewest_with_cost: float = 0.8


SETTINGS = Settings()
