"""The rules that hold an itinerary, whoever wrote it, against the evidence of its run."""

from metier.check import Check
from metier_maps.checks.rules import (
    arithmetic,
    forecast,
    hours,
    lodging,
    money,
    provenance,
    requirements,
    routes,
    words,
)
from metier_maps.checks.rules.alternatives import make_alternatives_check

_PLAN: tuple[Check, ...] = (
    *routes.CHECKS,
    *arithmetic.CHECKS,
    *hours.CHECKS,
    *lodging.CHECKS,
    *requirements.CHECKS,
    *money.CHECKS,
    *forecast.CHECKS,
    *provenance.CHECKS,
    *words.CHECKS,
)
CHECKS: tuple[Check, ...] = (*_PLAN, make_alternatives_check(_PLAN))

__all__ = ["CHECKS"]
