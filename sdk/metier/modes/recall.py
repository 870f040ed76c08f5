"""A tool over what the run has seen: a mode that keeps evidence out of the prompt lets the model have it back."""

import re
from collections.abc import Mapping, Sequence

from pydantic_ai.messages import ToolReturn
from pydantic_ai.toolsets import AbstractToolset, FunctionToolset

from metier.evidence import Evidence

RECALL = "recall_evidence"
MOST = 5
MOST_IDS = 50  # looked up in one call
_WORD = re.compile(r"\w+")
METADATA = {"server": "metier", "tool": RECALL, "repeatable": True, "read_only": True, "needs_approval": False}


def find_evidence(evidence: Mapping[str, Evidence], words: str, most: int = MOST) -> tuple[Evidence, ...]:
    """Returns the pieces of evidence that hold most of the words, the best first; of equals the newest first."""
    wanted = {word.casefold() for word in _WORD.findall(words)}
    scored = []
    for at, item in enumerate(evidence.values()):
        found = wanted & {word.casefold() for word in _WORD.findall(f"{item.source} {item.locator} {item.text}")}
        if found:
            scored.append((-len(found), -at, item))
    return tuple(item for _, _, item in sorted(scored, key=lambda one: one[:2])[:most])


def pick_evidence(evidence: Mapping[str, Evidence], ids: Sequence[str], words: str) -> tuple[Evidence, ...]:
    """Returns the pieces named by id, then those found by words, each once."""
    named = [evidence[name] for name in ids[:MOST_IDS] if name in evidence]
    found = find_evidence(evidence, words) if words else ()
    return tuple({item.id: item for item in (*named, *found)}.values())


def recall_tools(evidence: Mapping[str, Evidence]) -> AbstractToolset[None]:
    """Returns a toolset with the one tool that looks evidence of this run up."""
    tools: FunctionToolset[None] = FunctionToolset(id="metier-recall")

    def recall_evidence(ids: list[str] | None = None, words: str = "") -> ToolReturn:
        """Gives evidence of this run again, word for word: by its ids, or the pieces that hold these words.

        Args:
            ids: Evidence ids, such as ev-0123456789abcdef.
            words: Words to look for in all evidence of this run.
        """
        asked = ids or []
        picked = pick_evidence(evidence, asked, words)
        missing = [name for name in asked[:MOST_IDS] if name not in evidence]
        told = [f"There is no evidence {name} in this run." for name in missing]
        if len(asked) > MOST_IDS:
            told.append(f"Only the first {MOST_IDS} of {len(asked)} ids were looked up.")
        if not picked and not missing:
            told.append("No evidence of this run holds these words.")
        text = "\n".join(told)
        return ToolReturn(
            return_value=text,
            metadata={"text": text, "value": None, "evidence": list(picked), "server": "metier"},
        )

    tools.add_function(recall_evidence, name=RECALL, metadata=METADATA)
    return tools
