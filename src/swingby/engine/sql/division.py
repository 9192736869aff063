"""Exact division: the same steps on every backend, from the little that each one has.

A backend has division towards zero and its remainder. Numbers of limited width cannot be scaled by 10^12 before they
are divided, so that a quotient with 12 places is computed as one divides on paper: the whole part, then what is left
times 10^6, twice. Only the last step rounds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from swingby.engine.sql.backends import Backend


@dataclass(frozen=True, slots=True)
class Division:
    """One division, ``n / d``, being written for one backend; both are texts that bind tightly."""

    on: Backend
    n: str
    d: str

    def units(self, *, places: int, mode: str) -> str:
        """How many units of the last place there are in the quotient, rounded once in the given mode."""
        close, step = MODES[mode], self.on.digits
        if step is None or places == 0:
            return close(self, _times(self.dividend, 10**places))
        done, left = self.towards_zero(self.dividend), self.left(self.dividend)
        while places > step:
            places -= step
            scaled = _times(left, 10**step)
            done = f"({done} * {10**step} + {self.on.small_quotient.format(a=scaled, b=self.divisor)})"
            left = self.left(scaled)
        return f"({done} * {10**places} + {close(self, _times(left, 10**places))})"

    @property
    def dividend(self) -> str:
        """``n`` as this backend divides it."""
        return self.on.exact.format(x=self.n)

    @property
    def divisor(self) -> str:
        """``d`` as this backend divides by it."""
        return self.on.divisor.format(x=self.d)

    def floor(self) -> str:
        """The whole part, rounded down also below zero."""
        whole, left = self.towards_zero(self.dividend), self.left(self.dividend)
        return f"({whole} - CASE WHEN {left} <> 0 AND ({self.n} < 0) <> ({self.d} < 0) THEN 1 ELSE 0 END)"

    def towards_zero(self, dividend: str) -> str:
        """The whole part of a dividend divided by ``d``, however many digits it has."""
        return self.on.quotient.format(a=dividend, b=self.divisor)

    def left(self, dividend: str) -> str:
        """What that division leaves, with the sign of the dividend."""
        return self.on.remainder.format(a=dividend, b=self.divisor)

    def half_up(self, dividend: str) -> str:
        """Halves go away from zero: a cast rounds so, and half of a whole number is exact."""
        return f"CAST(CAST({self.towards_zero(_times(dividend, 2))} AS DECIMAL(38, 0)) * 0.5 AS DECIMAL(38, 0))"

    def half_even(self, dividend: str) -> str:
        """Halves go to the even neighbour."""
        whole, twice, line = self.towards_zero(dividend), f"2 * ABS({self.left(dividend)})", f"ABS({self.divisor})"
        return self._away(dividend, when=f"{twice} > {line} OR ({twice} = {line} AND {whole} % 2 <> 0)")

    def up(self, dividend: str) -> str:
        """Away from zero."""
        return self._away(dividend, when=f"{self.left(dividend)} <> 0")

    def _away(self, dividend: str, *, when: str) -> str:
        """The whole part, moved by one away from zero when the condition holds."""
        one = f"CASE WHEN ({self.n} < 0) = ({self.d} < 0) THEN 1 ELSE -1 END"
        return f"({self.towards_zero(dividend)} + CASE WHEN {when} THEN {one} ELSE 0 END)"


def _times(number: str, factor: int) -> str:
    return f"({number} * {factor})" if factor != 1 else number


MODES: dict[str, Callable[[Division, str], str]] = {
    "half_up": Division.half_up,
    "half_even": Division.half_even,
    "up": Division.up,
    "down": Division.towards_zero,
}
"""How the last step of a division rounds."""
