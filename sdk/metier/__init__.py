"""metier: domain agents whose answers are held against evidence.

    from metier import Copilot

    result = Copilot(["maps"]).run_sync("Two days in Andorra by car from 4 December 2026")

The names below are loaded when first used, so `import metier` costs next to nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from metier.answer import Adopted, Answer, Claim, Option, Question, Questions, Refusal, Value
    from metier.check import Check
    from metier.errors import MetierError
    from metier.evidence import Citation, Evidence, record_evidence
    from metier.limits import Limits
    from metier.runtime.copilot import Copilot
    from metier.runtime.result import Result
    from metier.runtime.runs import list_runs, open_trace, replay
    from metier.task import Task
    from metier.toolkit import Settings, Toolkit
    from metier.trace import Trace
    from metier.verdict import Finding, Verdict

__all__ = [
    "Adopted",
    "Answer",
    "Check",
    "Citation",
    "Claim",
    "Copilot",
    "Evidence",
    "Finding",
    "Limits",
    "MetierError",
    "Option",
    "Question",
    "Questions",
    "Refusal",
    "Result",
    "Settings",
    "Task",
    "Toolkit",
    "Trace",
    "Value",
    "Verdict",
    "list_runs",
    "open_trace",
    "record_evidence",
    "replay",
]

_HOMES = {
    "metier.answer": ("Adopted", "Answer", "Claim", "Option", "Question", "Questions", "Refusal", "Value"),
    "metier.check": ("Check",),
    "metier.errors": ("MetierError",),
    "metier.evidence": ("Citation", "Evidence", "record_evidence"),
    "metier.limits": ("Limits",),
    "metier.runtime.copilot": ("Copilot",),
    "metier.runtime.result": ("Result",),
    "metier.runtime.runs": ("list_runs", "open_trace", "replay"),
    "metier.task": ("Task",),
    "metier.toolkit": ("Settings", "Toolkit"),
    "metier.trace": ("Trace",),
    "metier.verdict": ("Finding", "Verdict"),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> object:
    module = _HOME_OF.get(name)
    if module is None:
        raise AttributeError(f"module 'metier' has no attribute {name!r}")
    return getattr(import_module(module), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
