"""Sentences that state facts, each time in other words."""

import re
from dataclasses import dataclass
from typing import Final

from metier.world import Chance
from metier_research.world.truth.facts import Fact, Object, Thing
from metier_research.world.truth.kinds import relations_by_key
from metier_research.world.writing.markup import Library, capitalise
from metier_research.world.writing.values import Manner

_PRONOUN_AT: Final = re.compile(r"^\{s\} (?!and )")
_OBJECT: Final = {"she": "her", "he": "him", "it": "it"}


@dataclass(slots=True)
class Writer:
    """Writes the sentences of one page, about the thing whose page it is."""

    library: Library
    thing: Thing
    manner: Manner
    chance: Chance

    def state(self, fact: Fact) -> str:
        """Returns a sentence of the page that states a fact about its thing."""
        template = self.chance.pick(relations_by_key()[fact.relation].words.own)
        return self.fill(template, self._subject(template), fact.object, fact.relation)

    def fill(self, template: str, subject: str, value: Object, relation: str) -> str:
        """Returns the sentence of a template, with what the fact leads to as a link or a value."""
        said = self.library.mention(value) if isinstance(value, str) else self._value(value, relation)
        return capitalise(template.format(s=subject, o=said))

    def _value(self, value: Object, relation: str) -> str:
        return self.manner.value(value, relations_by_key()[relation])

    def _subject(self, template: str) -> str:
        """Returns how the thing is called this time: by its name, its noun, its family name or a pronoun."""
        thing, draw = self.thing, self.chance.unit()
        person = thing.kind == "person"
        if draw < 0.3 and _PRONOUN_AT.match(template):
            return thing.pronoun
        if draw < 0.55:
            return thing.name.split()[-1] if person else f"the {thing.kind_of.noun}"
        return thing.called
