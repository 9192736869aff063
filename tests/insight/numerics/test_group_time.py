"""Effects by wave and period, against what was printed and what another implementation gives."""

import json
from typing import Any

import numpy as np
import pytest

from swingby.insight.numerics.aggregating import Kind, aggregate
from swingby.insight.numerics.bands import critical_value
from swingby.insight.numerics.estimates import Estimates, by_cluster
from swingby.insight.numerics.group_time import Design, GroupTimeEffects, group_time_effects
from swingby.insight.numerics.leads import joint_test
from swingby.insight.numerics.panel import NEVER, Panel
from tests.insight.published import DATA, FIRST_YEAR, apart, counties, figures

KINDS: dict[str, Kind] = {"simple": "simple", "dynamic": "by lag", "group": "by wave", "calendar": "by period"}
METHODS = {"reg": "regression", "ipw": "weighting"}
RUNS: list[dict[str, Any]] = json.loads((DATA / "mpdta_by_moderndid.json").read_text())["runs"]
#: Written with eight digits.
WRITTEN = 0.6e-8


def test_the_printed_figures_are_found_again() -> None:
    effects = group_time_effects(counties(), Design(comparison="never", base="varying"))
    found: dict[str, float] = {}
    for wave, period, value, error in zip(effects.wave, effects.period, effects.values, errors(effects), strict=True):
        found[f"effect {wave + FIRST_YEAR} in {period + FIRST_YEAR}"] = value
        if period >= wave:
            found[f"error {wave + FIRST_YEAR} in {period + FIRST_YEAR}"] = error
    for kind in KINDS.values():
        overall = aggregate(effects, kind).overall
        found |= {f"overall {kind}": overall.value, f"error of overall {kind}": overall.error}
    by_lag = aggregate(effects, "by lag").parts
    found |= {f"lag {lag}": value for lag, value in zip(by_lag.at, by_lag.values, strict=True) if lag >= 0}
    before = effects.lag < 0
    tested = joint_test(Estimates(effects.lag[before], effects.values[before], effects.influence[:, before]))
    assert tested is not None
    found |= {"joint test of leads": tested.statistic, "joint test: degrees of freedom": tested.freedom}
    found |= {"joint test: probability": tested.probability}
    found |= {"critical value by lag": critical_value(by_lag, draws=20_000)}
    assert (apart("mpdta", found), len(figures("mpdta"))) == ({}, 35)


@pytest.mark.parametrize("run", RUNS, ids=[run["label"] for run in RUNS])
def test_every_design_gives_what_another_implementation_gives(run: dict[str, Any]) -> None:
    effects = group_time_effects(asked(run["options"]), design(run["options"]))
    found = [
        (wave + FIRST_YEAR, period + FIRST_YEAR, value, error)
        for wave, period, value, error in zip(
            effects.wave, effects.period, effects.values, errors(effects), strict=True
        )
    ]
    given = [(wave, period, value, error or 0) for wave, period, value, error in run["cells"]]
    assert np.allclose(found, given, rtol=0, atol=WRITTEN)


@pytest.mark.parametrize("run", RUNS, ids=[run["label"] for run in RUNS])
@pytest.mark.parametrize("name", KINDS)
def test_every_aggregation_gives_what_another_implementation_gives(run: dict[str, Any], name: str) -> None:
    effects = group_time_effects(asked(run["options"]), design(run["options"]))
    found, given = aggregate(effects, KINDS[name]), run["aggregations"][name]
    parts = [(value, error) for value, error in zip(found.parts.values, found.parts.errors, strict=True)]
    others = [(value, error or 0) for _, value, error in given["by"]] or [(given["overall"], given["se"])]
    assert np.allclose(
        [(found.overall.value, found.overall.error), *parts],
        [(given["overall"], given["se"]), *others],
        rtol=0,
        atol=WRITTEN,
    )


def test_a_partner_that_counts_twice_is_like_two_partners_that_vary_together() -> None:
    plain = counties()
    twice = np.arange(plain.partners) % 3 == 0
    weighed = Panel(plain.outcome, plain.began, weights=1.0 + twice)
    rows = np.concatenate([np.arange(plain.partners), np.flatnonzero(twice)])
    repeated = Panel(plain.outcome[rows], plain.began[rows], clusters=rows)
    for kind in KINDS.values():
        first, second = (aggregate(group_time_effects(one, Design()), kind).overall for one in (weighed, repeated))
        assert (first.value, first.error) == pytest.approx((second.value, second.error), rel=1e-12)


def test_clusters_of_one_change_nothing_and_clusters_of_copies_do() -> None:
    effects = group_time_effects(counties(), Design())
    alone = by_cluster(effects.influence, np.arange(counties().partners))
    assert np.array_equal(alone, effects.influence)
    copied = Panel(*(np.concatenate([part, part]) for part in (counties().outcome, counties().began)))
    together = Panel(copied.outcome, copied.began, clusters=np.tile(np.arange(500), 2))
    plain, naive, right = (
        aggregate(group_time_effects(one, Design()), "simple").overall.error for one in (counties(), copied, together)
    )
    assert (naive, right) == pytest.approx((plain / 2**0.5, plain), rel=1e-12)


def test_partners_without_an_outcome_are_left_out_of_that_comparison_only() -> None:
    outcome = np.array([[1.0, 2, 5, 7], [1, 2, np.nan, 9], [np.nan, 2, 3, 4], [0, 1, 1, 1], [0, 0, 0, np.nan]])
    panel = Panel(outcome, np.array([2, 2, NEVER, NEVER, NEVER]))
    effects = group_time_effects(panel, Design())
    rows = zip(effects.lag, effects.values, effects.treated, effects.compared, strict=True)
    assert [tuple(row) for row in rows] == [
        (-2, pytest.approx(-1 + 0.5), 2, 2),
        (-1, 0, 2, 3),
        (0, pytest.approx(3 - 1 / 3), 1, 3),
        (1, pytest.approx(6 - 1), 2, 2),
    ]


def test_a_base_of_several_periods_is_their_mean_and_a_base_further_back_is_that_period() -> None:
    outcome = np.array([[1.0, 3, 8, 20], [0, 0, 0, 0]])
    panel = Panel(outcome, np.array([3, NEVER]))
    values = {
        (back, width): group_time_effects(panel, Design(base_back=back, base_width=width, first_lag=0)).values.tolist()
        for back, width in ((1, 1), (1, 3), (3, 1))
    }
    assert values == {(1, 1): [12], (1, 3): [16], (3, 1): [19]}


def test_a_relative_change_is_divided_by_what_was_usual_before() -> None:
    outcome = np.array([[0.0, 10, 30], [2, 2, 3], [0, 0, 5]])
    panel = Panel(outcome, np.array([2, NEVER, NEVER]))
    effects = group_time_effects(panel, Design(relative_to=2, first_lag=0))
    assert (effects.values.tolist(), effects.compared.tolist()) == ([20 / 5 - 1 / 2], [1])


def test_waves_that_cannot_be_estimated_are_named() -> None:
    panel = Panel(np.arange(12.0).reshape(4, 3), np.array([0, 1, 2, -5]))
    effects = group_time_effects(panel, Design(comparison="not yet"))
    assert (effects.dropped, sorted(set(effects.wave.tolist()))) == (
        ((0, "it began too early: no period before it"), (2, "nobody to compare it with")),
        [1],
    )


def asked(options: dict[str, Any]) -> Panel:
    panel = counties(with_population="xformla" in options)
    # The other implementation leaves out waves without a base; so does ours, but it counts them among all partners.
    return panel.only(panel.began != 1) if options.get("anticipation") else panel


def design(options: dict[str, Any]) -> Design:
    return Design(
        comparison="not yet" if options.get("control_group") == "notyettreated" else "never",
        anticipation=options.get("anticipation", 0),
        base=options.get("base_period", "varying"),
        method=METHODS.get(options.get("est_method", ""), "doubly robust"),  # type: ignore[arg-type]
    )


def errors(effects: GroupTimeEffects) -> np.ndarray[Any, Any]:
    return Estimates(effects.lag, effects.values, effects.influence).errors
