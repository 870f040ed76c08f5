"""The American grammar as one."""

from collections.abc import Collection

from metier_legal.citations.citation import Citation
from metier_legal.citations.grammars import plain
from metier_legal.citations.grammars.us.cases import find_cases
from metier_legal.citations.grammars.us.statutes import find_statutes


def find(text: str, names: Collection[str] = ()) -> list[Citation]:
    """Returns the American citations, sections of named acts and bare ones included."""
    return [*find_statutes(text), *find_cases(text), *plain.find_laws(text, names)]
