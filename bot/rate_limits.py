"""RateLimits: how much one conversation and one network address may ask of the bot."""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass


@dataclass
class _Bucket:
    tokens: float
    filled_at: float


class RateLimiter:
    """Token buckets by key. At most ``keys`` are remembered; when full, the one longest unused is forgotten.

    A forgotten key starts with a full bucket again, which is what an unused one would have by then.
    """

    def __init__(
        self,
        burst: int,
        per_s: float,
        keys: int = 20_000,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._burst = float(burst)
        self._per_s = per_s
        self._keys = keys
        self._clock = clock
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def take(self, key: str, tokens: float = 1.0) -> int:
        """Take tokens; return 0 when allowed, otherwise the milliseconds until it would be."""
        now = self._clock()
        bucket = self._buckets.pop(key, None) or _Bucket(self._burst, now)
        bucket.tokens = min(self._burst, bucket.tokens + (now - bucket.filled_at) * self._per_s)
        bucket.filled_at = now
        self._buckets[key] = bucket
        while len(self._buckets) > self._keys:
            self._buckets.popitem(last=False)
        if bucket.tokens >= tokens:
            bucket.tokens -= tokens
            return 0
        return math.ceil((tokens - bucket.tokens) / self._per_s * 1000)
