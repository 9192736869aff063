"""Chances of counts, against printed and exact ones."""

from __future__ import annotations

from math import comb, exp

import numpy as np
import pytest

from swingby.insight.numerics.odds import (
    NearLine,
    as_many,
    both,
    fewer_above,
    near_line,
    needed_above,
    share_of,
    stand_out,
    together,
)


def test_what_is_near_a_line_is_counted_on_both_sides() -> None:
    amounts = np.array([94.0, 95.3, 99.9, 100.0, 104.9, 105.0, 106.0])
    found = near_line(amounts, 100, 0.05)
    assert (found.above, found.below, found.chance) == (2, 2, pytest.approx(11 / 16))


def test_the_chance_is_that_of_a_coin() -> None:
    found = near_line(np.array([101.0] * 15 + [99.0] * 3), 100, 0.05)
    assert found.chance == pytest.approx(sum(comb(18, k) for k in range(15, 19)) / 2**18, rel=1e-12)
    assert (needed_above(18, 0.01), needed_above(6, 0.01), needed_above(7, 0.01)) == (15, None, 7)


def test_the_lady_who_tastes_tea_is_as_printed() -> None:
    """Fisher (1935): four cups of each kind; all told right by luck once in 70, three or more 17 times."""
    assert fewer_above(NearLine(0, 4, 1.0), NearLine(4, 0, 1.0)) == pytest.approx(1 / 70)
    assert fewer_above(NearLine(1, 3, 1.0), NearLine(3, 1, 1.0)) == pytest.approx(17 / 70)


def test_mendel_s_peas_are_as_printed() -> None:
    """R, `binom.test(682, 925, p = 0.75)`: 0.3825 on both sides; from 706 on it is as unlikely above."""
    more, far = as_many(np.array([683, 706]), np.array([925, 925]), 0.75).tolist()
    assert 1 - more + far == pytest.approx(0.3825, abs=0.00005)


def test_each_partner_counts_once_however_many_it_has() -> None:
    found, of = np.array([3, 1, 0, 0]), np.array([5, 1, 4, 0])
    mean = 3 - 0.9**5 - 0.9 - 0.9**4
    assert together(found, of, 0.1) == pytest.approx(1 - exp(-mean) * (1 + mean))
    assert together(np.array([9, 1, 0, 0]), of, 0.1) == together(found, of, 0.1)
    assert together(np.zeros(3, np.int64), np.zeros(3, np.int64), 0.1) == 1


def test_those_stand_out_that_the_procedure_keeps() -> None:
    """The fifteen of Benjamini and Hochberg (1995), section 4: four at 5 %."""
    chances = np.array(
        [
            0.0001,
            0.0004,
            0.0019,
            0.0095,
            0.0201,
            0.0278,
            0.0298,
            0.0344,
            0.0459,
            0.3240,
            0.4262,
            0.5719,
            0.6528,
            0.7590,
            1.0,
        ]
    )
    assert stand_out(chances[::-1], 0.05).tolist() == [False] * 11 + [True] * 4
    assert stand_out(np.array([]), 0.05).tolist() == []


def test_two_signs_are_as_unlikely_as_the_likelier() -> None:
    assert both(np.array([0.1, 0.4]), np.array([0.2, 0.3])).tolist() == [0.2, 0.4]


def test_a_share_is_never_nothing_nor_all() -> None:
    assert (share_of(0, 9), share_of(9, 9)) == (0.05, 0.95)
