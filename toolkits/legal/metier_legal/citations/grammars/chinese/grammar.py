"""The Chinese grammar as one."""

from collections.abc import Collection

from metier_legal.citations.citation import Citation
from metier_legal.citations.grammars.chinese.cases import find_cases
from metier_legal.citations.grammars.chinese.laws import find_laws


def find(text: str, names: Collection[str] = ()) -> list[Citation]:
    """Returns the Chinese citations, laws first; bare names of laws are looked for among the well-known and `names`."""
    return [*find_laws(text, names), *find_cases(text)]
