"""Confidence sequences: ranges that hold at all looks at once, so that anybody may look at any time and stop."""

from __future__ import annotations

from math import inf, log

ALARM = 0.05


def tuned_for(information: float, alarm: float = ALARM) -> float:
    """The constant of the mixture with which a sequence is narrowest at some information.

    ``r = I / (L + log(1 + L))`` with ``L = -2 log(alarm)`` (Howard, Ramdas, McAuliffe and Sekhon 2021, section 3.5; the
    rho of Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas 2024 is ``1 / sqrt(r)``). It must be fixed before the first look.

    Parameters
    ----------
    information
        One over the squared error that is planned for the end.
    """
    likely = -2 * log(alarm)
    return information / (likely + log(1 + likely))


def boundary(information: float, tuned: float, alarm: float = ALARM) -> float:
    """How many errors an estimate may lie off at some look, with all looks together off in at most ``alarm`` of cases.

    Robbins' mixture of normals: a sum ``S`` with the variance ``V`` leaves ``sqrt((V + r) log((V + r) / (r alarm^2)))`` ever
    with a probability of at most ``alarm``; here ``V`` is the information and ``S`` the estimate times it.

    Parameters
    ----------
    information
        One over the squared error at this look.
    tuned
        From `tuned_for`.
    """
    whole = information + tuned
    return float((whole / information * log(whole / (tuned * alarm**2))) ** 0.5)


def critical_with(freedom: float, normal: float) -> float:
    """As many errors of Student's distribution as are as unlikely as so many of the normal one."""
    from scipy.special import ndtr, stdtrit

    return normal if freedom == inf else float(-stdtrit(freedom, ndtr(-normal)))
