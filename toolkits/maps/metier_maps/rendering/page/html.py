"""`index.html`: one self-contained page that works offline. Map, days, evidence on click; nothing in a name runs."""

from base64 import b64encode
from hashlib import sha256
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined

from metier.canonical import canonical_json
from metier.evidence import Evidence
from metier.toolkit import Delivery, Settings
from metier.verdict import Finding, Outcome
from metier_maps.itinerary import Itinerary, Leg, Stop
from metier_maps.rendering import wording
from metier_maps.rendering.cartography.palette import day_colour, web_colour
from metier_maps.rendering.document import itinerary_of, notice_of
from metier_maps.rendering.markdown import summary_of, timeline
from metier_maps.rendering.page.drawing import draw_map

_ENVIRONMENT = Environment(
    loader=PackageLoader("metier_maps.rendering.page", "assets"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def render_html(delivery: Delivery, settings: Settings) -> bytes:
    """Returns the page. Its content security policy allows only its own script and style, by their hashes."""
    itinerary = itinerary_of(delivery)
    style, script = _asset("page.css"), _asset("page.js")
    page = _ENVIRONMENT.get_template("page.html.j2").render(
        title=wording.one_line(itinerary.title),
        notice=notice_of(itinerary),
        itinerary=itinerary,
        map=draw_map(itinerary, settings),
        days=[_day(d, itinerary) for d in range(len(itinerary.days))],
        findings=_findings(delivery.verdict.findings),
        summary=summary_of(delivery.verdict),
        is_provisional=not delivery.verdict.holds,
        evidence={entry.id: _evidence(entry) for entry in delivery.evidence.values()},
        words=wording,
        style=style,
        script=script,
        policy=f"default-src 'none'; img-src data:; style-src '{_hash(style)}'; script-src '{_hash(script)}'",
    )
    return page.encode()


def _day(d: int, itinerary: Itinerary) -> dict[str, object]:
    day = itinerary.days[d]
    numbers = wording.numbered(itinerary.days)
    rows: list[tuple[str, Leg | Stop, int]] = [
        ("leg", entry, 0)
        if isinstance(entry, Leg)
        else (entry.kind, entry, numbers.get((d, day.stops.index(entry)), 0))
        for entry in timeline(day)
    ]
    return {"number": d + 1, "day": day, "rows": rows, "colour": web_colour(day_colour(d))}


def _findings(findings: tuple[Finding, ...]) -> list[Finding]:
    order = {Outcome.VIOLATED: 0, Outcome.UNKNOWN: 1, Outcome.HOLDS: 2}
    return sorted(findings, key=lambda finding: order[finding.outcome])


def _evidence(entry: Evidence) -> dict[str, str]:
    return {
        "source": wording.clean(entry.source),
        "locator": wording.clean(entry.locator),
        "recorded": wording.clean(entry.recorded),
        "text": wording.clean(entry.text),
        "value": wording.clean(canonical_json(entry.value))[:20_000],
    }


def _asset(name: str) -> str:
    return (files("metier_maps.rendering.page") / "assets" / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return "sha256-" + b64encode(sha256(text.encode()).digest()).decode()
