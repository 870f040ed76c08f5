"""What the policy says to the user, in the language of the request."""

from dataclasses import dataclass
from typing import Final

from metier_maps.language.draft import Language


@dataclass(frozen=True, slots=True)
class Tongue:
    """The sentences of one language. `chinese` says which of the two."""

    chinese: bool = False

    def say(self, english: str, chinese: str) -> str:
        """Returns the sentence in this language."""
        return chinese if self.chinese else english

    def no_such_place(self, text: str, region: str) -> str:
        """Returns that a name is not on the map."""
        return self.say(
            f'There is no place like "{text}" in {region}. Which place is meant?',
            f"{region} 没有叫“{text}”的地点。指的是哪里？",
        )

    def which_place(self, text: str) -> str:
        """Returns the question which of several places is meant."""
        return self.say(
            f'"{text}" can be several places. Which one is meant? (Its id can be used as its name.)',
            f"“{text}”可能是几个地点。指的是哪一个？（可以直接写它的编号）",
        )

    def read_as(self, text: str, name: str, kind: str) -> str:
        """Returns how a name was read."""
        return self.say(f'"{text}" read as {name} ({kind})', f"“{text}”读作 {name}（{kind}）")

    def other_kind(self, text: str, kind: str, other: str) -> str:
        """Returns which of two places of one name was taken."""
        return self.say(
            f'"{text}" read as the {kind} of that name, not the {other}', f"“{text}”读作同名的 {kind}，而不是 {other}"
        )

    @property
    def ask_region(self) -> str:
        """Returns the question for the region."""
        return self.say("In which region is the trip?", "在哪个地区旅行？")

    @property
    def ask_date(self) -> str:
        """Returns the question for the first day."""
        return self.say("On which day does the trip begin?", "哪一天出发？")

    @property
    def ask_days(self) -> str:
        """Returns the question for the number of days."""
        return self.say("How many days does the trip last?", "玩几天？")

    @property
    def ask_start(self) -> str:
        """Returns the question for the start."""
        return self.say("Where does the trip start?", "从哪里出发？")

    @property
    def one_adult(self) -> str:
        """Returns that one adult travels with the children."""
        return self.say("no number of adults was said: one travels with the children", "没有说几位大人：按一位大人计")

    @property
    def round_trip(self) -> str:
        """Returns that the trip ends where it starts."""
        return self.say("no end was said: the trip ends where it starts", "没有说终点：回到出发地")


ENGLISH: Final = Tongue()
CHINESE: Final = Tongue(chinese=True)


def tongue_of(language: Language) -> Tongue:
    """Returns the sentences for the language of a request."""
    return CHINESE if language == "zh" else ENGLISH
