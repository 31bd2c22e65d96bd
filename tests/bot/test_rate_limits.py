"""Rate limits: a burst, then a steady pace, for each key by itself."""

from bot.rate_limits import RateLimiter


class Clock:
    """A clock that stands still until it is set."""

    now = 0.0

    def __call__(self) -> float:
        """The present second."""
        return self.now


def test_a_burst_is_allowed_and_then_one_at_a_time() -> None:
    """The answer to a refusal is the time until it would be allowed."""
    clock = Clock()
    limiter = RateLimiter(burst=2, per_s=0.5, clock=clock)
    assert [limiter.take("a") for _ in range(3)] == [0, 0, 2000]
    clock.now = 1.0
    assert limiter.take("a") == 1000
    clock.now = 2.0
    assert limiter.take("a") == 0


def test_keys_do_not_share_their_allowance() -> None:
    """One customer's flood is not another's."""
    limiter = RateLimiter(burst=1, per_s=1, clock=Clock())
    assert limiter.take("a") == 0
    assert limiter.take("a") > 0
    assert limiter.take("b") == 0


def test_the_number_of_keys_is_bounded() -> None:
    """The key longest unused is forgotten first."""
    limiter = RateLimiter(burst=1, per_s=1, keys=2, clock=Clock())
    for key in ("a", "b", "a", "c"):
        limiter.take(key)
    assert limiter.take("a") > 0
    assert limiter.take("b") == 0
