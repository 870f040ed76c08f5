"""In which country and language a query is asked, told from its letters. Pure.

As in the seed: a query with Chinese characters is asked in China, any other in the United States. Kana and Hangul are
told apart from them, because Japanese and Korean are not Chinese.
"""

import re
from dataclasses import dataclass
from typing import Final

_KANA: Final = re.compile("[\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9f]")
_HANGUL: Final = re.compile("[\uac00-\ud7af\u1100-\u11ff\u3130-\u318f]")
_HAN: Final = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]")


@dataclass(frozen=True, slots=True)
class Locale:
    """A country (ISO 3166, small letters; and its name) and a language (BCP 47, small letters)."""

    country: str
    language: str
    place: str

    @property
    def is_cjk(self) -> bool:
        """Returns whether it is one of China, Japan and Korea."""
        return self.country != "us"


CHINA: Final = Locale("cn", "zh-cn", "China")
JAPAN: Final = Locale("jp", "ja", "Japan")
KOREA: Final = Locale("kr", "ko", "South Korea")
UNITED_STATES: Final = Locale("us", "en", "United States")


def locale_of(query: str) -> Locale:
    """Returns where and in which language the query is to be asked."""
    if _KANA.search(query):
        return JAPAN
    if _HANGUL.search(query):
        return KOREA
    return CHINA if _HAN.search(query) else UNITED_STATES
