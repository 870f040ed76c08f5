"""Names of people, towns and things, from grammars of syllables. Nothing in them is taken from a real place."""

from dataclasses import dataclass

from metier.errors import InputError
from metier.world.chance import Chance

TRIES = 400


@dataclass(frozen=True, slots=True)
class Grammar:
    """The syllables of one kind of name: how it begins, goes on and ends."""

    onsets: tuple[str, ...]
    vowels: tuple[str, ...]
    middles: tuple[str, ...]
    endings: tuple[str, ...]
    longest: int = 2


def _split(words: str) -> tuple[str, ...]:
    return tuple(words.split())


TOWN = Grammar(
    onsets=_split("B Br D Dr F G H J K Kr L M N P R S Sk St T Tr V Z"),
    vowels=_split("a a e e i o o u á é ö"),
    middles=_split("l ld lm m n nd r rn rv s st sk v z d"),
    endings=_split("a en ava ek el eth ila in or os ova um und ar"),
)
GIVEN = Grammar(
    onsets=_split("A Al Be Da El Fe Ha I Jo Ka Le Ma Ne O Pe Ra Sa Ti U Ve Ze"),
    vowels=("",),
    middles=_split("d l lv m n nd r ri s t v z"),
    endings=_split("a an as e el en i ia ik in is o on us"),
    longest=1,
)
FAMILY = Grammar(
    onsets=_split("Ba Bo Dra Du Fe Go Gra Ha Ko Kra Lo Ma Mo Ni Pe Ro Sa Sto Ta Tra Vo Ze"),
    vowels=("",),
    middles=_split("k l lm n nd r rg rs s st t v"),
    endings=_split("ak ar eck elin er esk ich ida in ó os ovar und"),
    longest=1,
)
NATURE = Grammar(
    onsets=_split("Am Ar Br Dor Es Gl Is Kal L Mor N Or S Tas V Yl"),
    vowels=_split("a e i o u é"),
    middles=_split("l n r s v z"),
    endings=_split("a ane e en is o ora une"),
    longest=1,
)

CYRILLIC = dict(zip("abcdefghijklmnopqrstuvwxyz", "абкдефгхийклмнопкрстуввкыз", strict=True))
CYRILLIC |= {"á": "а", "é": "э", "ö": "ё", "ó": "о"}

HANZI = {
    "": "阿埃伊奥乌", "b": "巴贝比博布", "c": "卡塞奇科库", "d": "达德迪多杜",
    "f": "法费菲福富", "g": "加格吉戈古", "h": "哈赫希霍胡", "j": "贾杰吉乔朱",
    "k": "卡克基科库", "l": "拉莱利洛卢", "m": "马梅米莫穆", "n": "纳内尼诺努",
    "p": "帕佩皮波普", "r": "拉雷里罗鲁", "s": "萨塞西索苏", "t": "塔特蒂托图",
    "v": "瓦韦维沃武", "y": "亚耶伊约尤", "z": "扎泽齐佐祖",
}  # fmt: skip
VOWELS = {"a": 0, "á": 0, "e": 1, "é": 1, "i": 2, "y": 2, "o": 3, "ö": 3, "ó": 3, "u": 4}
CODAS = {"l": "尔", "r": "尔", "m": "姆", "n": "恩", "s": "斯", "k": "克", "d": "德", "t": "特", "v": "夫", "h": "赫",
         "b": "布", "f": "夫", "g": "格", "p": "普", "z": "兹"}  # fmt: skip


def coin_name(grammar: Grammar, chance: Chance) -> str:
    """Returns a name of the grammar."""
    name = chance.pick(grammar.onsets) + chance.pick(grammar.vowels)
    for _ in range(chance.whole(1, grammar.longest) - 1):
        name += chance.pick(grammar.middles) + chance.pick(grammar.vowels)
    return name + chance.pick(grammar.middles) + chance.pick(grammar.endings)


class Register:
    """Names that were given: each is given once, whatever its language."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def is_free(self, name: str) -> bool:
        """Returns whether the name was not given yet."""
        return name.casefold() not in self._taken

    def take(self, name: str) -> str:
        """Returns the name and marks it as given."""
        self._taken.add(name.casefold())
        return name

    def coin(self, grammar: Grammar, chance: Chance) -> str:
        """Returns a new name of the grammar; raises InputError when the grammar is used up."""
        for _ in range(TRIES):
            name = coin_name(grammar, chance)
            if self.is_free(name) and self.is_free(to_hanzi(name)):
                self.take(to_hanzi(name))
                return self.take(name)
        raise InputError("No name is left in this grammar.", hint="Ask for fewer names or give it more syllables.")


def to_cyrillic(name: str) -> str:
    """Returns the name in the script of the country's second language."""
    spelt = "".join(CYRILLIC.get(letter, letter) for letter in name.lower())
    return spelt.title()


def to_hanzi(name: str, longest: int = 4) -> str:
    """Returns a Chinese transliteration of at most `longest` characters, made syllable by syllable."""
    out: list[str] = []
    onset = ""
    for letter in name.lower():
        if letter in VOWELS:
            out.append(HANZI[onset][VOWELS[letter]])
            onset = ""
        elif letter in HANZI:
            if onset:
                out.append(CODAS.get(onset, ""))
            onset = letter
    out.append(CODAS.get(onset, ""))
    return "".join(out)[:longest]
