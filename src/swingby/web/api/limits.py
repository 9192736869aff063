"""How many requests a token may make: a bucket of each token, in the memory of each web process."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

_SECONDS = 60
_MOST_BUCKETS = 10_000


@dataclass(slots=True)
class Limiter:
    """Lets so many requests a minute through for each key; what was not used is saved up for one minute."""

    clock: Callable[[], float] = time.monotonic
    _buckets: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def seconds_to_wait(self, key: str, *, per_minute: int) -> float:
        """Take one request; 0 when it may pass, else how long until the next one may."""
        with self._lock:
            moment = self.clock()
            left, since = self._buckets.pop(key, (float(per_minute), moment))
            left = min(float(per_minute), left + (moment - since) * per_minute / _SECONDS)
            wait = 0.0 if left >= 1 else (1 - left) * _SECONDS / per_minute
            self._buckets[key] = (left if wait else left - 1, moment)
            if len(self._buckets) > _MOST_BUCKETS:
                self._buckets.popitem(last=False)
            return wait


LIMITER = Limiter()
