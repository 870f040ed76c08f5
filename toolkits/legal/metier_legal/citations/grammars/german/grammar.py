"""The German grammar as one."""

from collections.abc import Collection

from metier_legal.citations.citation import Citation
from metier_legal.citations.grammars.german.cases import find_cases
from metier_legal.citations.grammars.german.laws import find_laws


def find(text: str, names: Collection[str] = ()) -> list[Citation]:
    """Returns the German citations, laws first; `names` are known besides abbreviations and long names."""
    return [*find_laws(text, names), *find_cases(text)]
