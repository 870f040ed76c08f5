"""Plans two days in the fictional sample region: no network, no key, no weights.

Run it: `python examples/travel_planning/plan_trip.py`. Point `home` at your own data folder, or leave it out, to plan
on maps that `metier maps add` imported.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from metier import Copilot, Settings
from metier_maps import toolkit

REQUEST = (
    "Two days in the sample region by car from 12 May 2027, starting and ending in Skavastar, "
    "for two adults, at most 3 hours of driving a day"
)


def main() -> None:
    """Prints the days of the plan, what was verified, and what is assumed."""
    with TemporaryDirectory() as folder:
        home = Path(folder)
        if toolkit.world is not None:
            toolkit.world(Settings(home / "maps"), 1)
        result = Copilot(["maps"], home=home).run_sync(REQUEST)
    if result.answer is None:
        raise SystemExit(f"No plan: {result.refusal or result.questions or result.trace.error}")
    print(result.answer.title)
    for claim in result.answer.claims():
        print("-", claim.text)
    held = len(result.verdict.findings) - len(result.verdict.violated) - len(result.verdict.unknown)
    print(f"{held} findings hold, {len(result.verdict.violated)} violated, {len(result.verdict.unknown)} unknown")


if __name__ == "__main__":
    main()
