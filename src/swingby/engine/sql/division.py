"""Exact division: the same steps on every backend, from the little that each one has.

A backend has division towards zero and its remainder. Numbers of limited width cannot be scaled by 10^12 before they
are divided, so that a quotient with 12 places is computed as one divides on paper: the whole part, then what is left
times 10^6, twice. Only the last step rounds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlglot import exp

from swingby.engine.sql.backends import Backend


@dataclass(frozen=True, slots=True)
class Division:
    """One division, ``n / d``, being written for one backend; both are expressions as they were given."""

    on: Backend
    n: exp.Expr
    d: exp.Expr

    def units(self, *, places: int, mode: str) -> exp.Expr:
        """How many units of the last place there are in the quotient, rounded once in the given mode."""
        close, step = MODES[mode], self.on.digits
        if step is None or places == 0:
            return close(self, self._times(self._dividend(), 10**places))
        done, left = self.towards_zero(self._dividend()), self.left(self._dividend())
        while places > step:
            places -= step
            scaled = self._times(left, 10**step)
            done = self._joined(done, 10**step, self._digits(scaled))
            left = self.left(scaled)
        return self._joined(done, 10**places, close(self, self._times(left, 10**places)))

    def floor(self) -> exp.Expr:
        """The whole part, rounded down also below zero."""
        text = "{quotient} - CASE WHEN {left} <> 0 AND NOT {same_sign} THEN 1 ELSE 0 END"
        return self._stepped(text, self._dividend())

    def towards_zero(self, dividend: exp.Expr) -> exp.Expr:
        """The whole part of a dividend divided by ``d``, however many digits it has."""
        return self.on.write(self.on.quotient, a=dividend, b=self._divisor())

    def left(self, dividend: exp.Expr) -> exp.Expr:
        """What that division leaves, with the sign of the dividend."""
        return self.on.write(self.on.remainder, a=dividend, b=self._divisor())

    def half_up(self, dividend: exp.Expr) -> exp.Expr:
        """Halves go away from zero: a cast rounds so, and half of a whole number is exact."""
        return self.on.write(
            "CAST(CAST({twice} AS DECIMAL(38, 0)) * 0.5 AS DECIMAL(38, 0))",
            twice=self.towards_zero(self._times(dividend, 2)),
        )

    def half_even(self, dividend: exp.Expr) -> exp.Expr:
        """Halves go to the even neighbour."""
        beyond = "2 * ABS({left}) > ABS({divisor}) OR (2 * ABS({left}) = ABS({divisor}) AND {quotient} % 2 <> 0)"
        return self._stepped(_AWAY.replace("{when}", beyond), dividend)

    def up(self, dividend: exp.Expr) -> exp.Expr:
        """Away from zero."""
        return self._stepped(_AWAY.replace("{when}", "{left} <> 0"), dividend)

    def _stepped(self, text: str, dividend: exp.Expr) -> exp.Expr:
        parts = {
            "quotient": self.towards_zero(dividend),
            "left": self.left(dividend),
            "divisor": self._divisor(),
            "same_sign": self.on.write("({n} < 0) = ({d} < 0)", n=self.n, d=self.d),
        }
        return self.on.write(text, **{word: part for word, part in parts.items() if f"{{{word}}}" in text})

    def _digits(self, dividend: exp.Expr) -> exp.Expr:
        return self.on.write(self.on.small_quotient, a=dividend, b=self._divisor())

    def _joined(self, done: exp.Expr, scale: int, digits: exp.Expr) -> exp.Expr:
        return self.on.write(f"{{done}} * {scale} + {{digits}}", done=done, digits=digits)

    def _times(self, number: exp.Expr, factor: int) -> exp.Expr:
        return self.on.write(f"{{number}} * {factor}", number=number) if factor != 1 else number

    def _dividend(self) -> exp.Expr:
        return self.on.write(self.on.exact, x=self.n)

    def _divisor(self) -> exp.Expr:
        return self.on.write(self.on.divisor, x=self.d)


_AWAY = "{quotient} + CASE WHEN {when} THEN CASE WHEN {same_sign} THEN 1 ELSE -1 END ELSE 0 END"

MODES: dict[str, Callable[[Division, exp.Expr], exp.Expr]] = {
    "half_up": Division.half_up,
    "half_even": Division.half_even,
    "up": Division.up,
    "down": Division.towards_zero,
}
"""How the last step of a division rounds."""
