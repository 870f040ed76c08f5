"""Answers a question of tenancy law of the fictional country: no network, no key, no weights.

Run it: `python examples/legal_research/research_tenancy.py`. Point `home` at your own data folder, or leave it out, to
research law that `metier legal add` imported.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from metier import Copilot, Settings
from metier_legal import toolkit
from metier_legal.memo import Memo

QUESTION = (
    "A tenant stopped paying after the heating failed for six weeks. May the landlord terminate? "
    "Date of the facts: 3 February 2021."
)


def main() -> None:
    """Prints the short answer, each rule with its quote, the cases, and what was verified."""
    with TemporaryDirectory() as folder:
        home = Path(folder)
        if toolkit.world is not None:
            toolkit.world(Settings(home / "legal"), 1)
        result = Copilot(["legal"], home=home).run_sync(QUESTION)
    if not isinstance(result.answer, Memo):
        raise SystemExit(f"No memo: {result.refusal or result.questions or result.trace.error}")
    for pointer, statement in result.answer.statements():
        print(f"{pointer}: {statement.text}")
        for cited in statement.authorities:
            print(f"    “{cited.quote}”")
    held = len(result.verdict.findings) - len(result.verdict.violated) - len(result.verdict.unknown)
    print(f"{held} findings hold, {len(result.verdict.violated)} violated, {len(result.verdict.unknown)} unknown")


if __name__ == "__main__":
    main()
