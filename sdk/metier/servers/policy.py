"""How the calls of a tool are treated by the envelope: a value, and how a setting over another is read. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from pydantic import TypeAdapter, ValidationError

from metier.canonical import JSON
from metier.errors import InputError

POLICY_KEY = "metier/policy"  # in a tool's `_meta`: what the tool declares of itself


@dataclass(frozen=True, slots=True)
class Policy:
    """How the calls of a tool are treated. Times are in seconds; None is no limit.

    `ttl_s` is how long an answer stays good: 0 asks anew each time. Only tools that are read-only, or `cacheable`, are
    cached, and `cacheable` False forbids it. `store` False keeps the answer off the disk (a source's terms may demand
    it). `vary` are further parts of the cache key, such as a locale or a date.
    `rate_per_s` and `concurrency` hold for all callers in the process that share `limit_key` (the server's name when
    empty); `quota_per_day` is counted on disk, over all processes, under `quota_key` (the same when empty).
    `timeout_s` is for one attempt, `total_s` for the call with all attempts and waits. `attempts` counts the first;
    the pause before the n-th more is about `backoff_s` times 2^(n-1), at most `backoff_most_s`.
    The breaker opens after `breaker_failures` failures in a row, for `breaker_rest_s`.
    A result over `cap_tokens` is kept whole and shown in part. `cost_usd` is what one attempt costs.
    """

    ttl_s: float = 0.0
    cacheable: bool | None = None
    store: bool = True
    vary: Mapping[str, str] | None = None
    rate_per_s: float | None = None
    concurrency: int | None = None
    limit_key: str = ""
    quota_per_day: int | None = None
    quota_key: str = ""
    timeout_s: float = 60.0
    total_s: float = 180.0
    attempts: int = 3
    backoff_s: float = 0.5
    backoff_most_s: float = 30.0
    breaker_failures: int = 5
    breaker_rest_s: float = 30.0
    cap_tokens: int | None = 6_000
    cost_usd: float = 0.0


Settings = Mapping[str, JSON]
_POLICY: TypeAdapter[Policy] = TypeAdapter(Policy)
_NAMES = tuple(field.name for field in fields(Policy))


def read_policy(settings: Settings, *, over: Policy | None = None, what: str = "the policy") -> Policy:
    """Returns `over` (the defaults when None) with `settings` laid over it; `what` names them in an error.

    Raises InputError for a setting that there is not, or a value that it cannot have.
    """
    unknown = [name for name in settings if name not in _NAMES]
    if unknown:
        raise InputError(f"There is no setting {unknown[0]!r} in {what}.", hint=f"There are: {', '.join(_NAMES)}.")
    try:
        read = _POLICY.validate_python(dict(settings))
    except ValidationError as error:
        fault = error.errors()[0]
        place = ".".join(str(part) for part in fault["loc"])
        raise InputError(f"{place} in {what} cannot be used: {fault['msg']}.") from error
    laid = replace(over or Policy(), **{name: getattr(read, name) for name in settings})
    return _checked(laid, what)


_MOST = 1e12
_MORE_THAN_ZERO = ("rate_per_s", "concurrency", "timeout_s", "total_s", "attempts", "breaker_failures", "cap_tokens")
_ZERO_OR_MORE = ("ttl_s", "quota_per_day", "backoff_s", "backoff_most_s", "breaker_rest_s", "cost_usd")


def _checked(policy: Policy, what: str) -> Policy:
    for name in (*_MORE_THAN_ZERO, *_ZERO_OR_MORE):
        value = getattr(policy, name)
        strict = name in _MORE_THAN_ZERO
        if value is not None and not (0 <= value <= _MOST and (value or not strict)):  # not a number is neither
            least = "more than 0" if strict else "0 or more"
            raise InputError(f"{name} in {what} is {str(value)[:40]}.", hint=f"It must be {least}, {_MOST:g} at most.")
    return policy
