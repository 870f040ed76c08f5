"""Live sources of law, each a provider of the toolkit's own tools. Nothing here is asked unless the user names it."""

from typing import Final

from metier.canonical import JSON
from metier.late import late
from metier.toolkit import Provider
from metier_legal.live.endpoints import (
    CELLAR,
    COURTLISTENER,
    ECFR,
    KEY_OPTION,
    KEY_VARIABLE,
    LEGISLATION,
    SPARQL,
    Endpoint,
)

HOUR_S: Final = 3_600
DAY_S: Final = 86_400
_LAW_TOOLS: Final = ("read_provision", "compare_versions")


def _policy(name: str, per_minute: int, **more: JSON) -> dict[str, JSON]:
    return {"limit_key": name, "rate_per_s": per_minute / 60, "ttl_s": DAY_S, "store": True, "attempts": 2, **more}


def _where(*endpoints: Endpoint) -> str:
    return "; ".join(endpoint.tell() for endpoint in endpoints)


PROVIDERS: Final = (
    Provider(
        name="courtlistener",
        summary=f"American decisions: search, opinions, citation look-up. {_where(COURTLISTENER)}",
        tools=("search_cases", "read_case", "resolve_citation"),
        make=late("metier_legal.live.serving", "make_courtlistener"),
        policy={
            "*": _policy("courtlistener", 5, quota_per_day=125, total_s=300.0),
            "search_cases": {"ttl_s": HOUR_S},
        },
        secrets=(KEY_OPTION, KEY_VARIABLE),
        terms="5 requests a minute, 50 an hour, 125 a day, and 60 citations a minute; opinions are public domain.",
    ),
    Provider(
        name="ecfr",
        summary=f"The Code of Federal Regulations as it read on any day since 2017. {_where(ECFR)}",
        tools=_LAW_TOOLS,
        make=late("metier_legal.live.serving", "make_ecfr"),
        policy={"*": _policy("ecfr", 60)},
        terms="Public domain; no key. At most 60 requests a minute are made, which is metier's own measure.",
    ),
    Provider(
        name="legislation_gov_uk",
        summary=f"Legislation of the United Kingdom as it stood on a day. {_where(LEGISLATION)}",
        tools=_LAW_TOOLS,
        make=late("metier_legal.live.serving", "make_legislation"),
        policy={"*": _policy("legislation_gov_uk", 60)},
        terms="Open Government Licence v3.0: name the source. Revised texts can lag behind known changes.",
    ),
    Provider(
        name="eurlex",
        summary=f"Acts of the European Union as they read on a day, from Cellar. {_where(CELLAR, SPARQL)}",
        tools=_LAW_TOOLS,
        make=late("metier_legal.live.serving", "make_eurlex"),
        policy={"*": _policy("eurlex", 60)},
        terms="Reuse with attribution (Decision 2011/833/EU); consolidated texts are documentation only.",
    ),
)
"""Find Case Law is not among them: its licence forbids computational analysis without a permission of its own."""
