"""The signs that a text may lose or swap without a change of meaning, and those that it may not. Pure."""

import re
import unicodedata
from functools import cache
from typing import Final

QUOTES: Final = frozenset("\"'`´‘’‚‛“”„‟«»‹›「」『』＂＇〝〞")
DASHES: Final = frozenset("-‐‑‒–—―−﹘﹣－⸺⸻")
CLOSERS: Final = frozenset(",.;:!?)]")
OPENERS: Final = frozenset("([")
ENDERS: Final = frozenset(".;!?。；！？\n")
KEPT: Final = frozenset("%‰％@&#*§¶/\\")  # punctuation that carries meaning, also in Chinese
ELLIPSIS: Final = "..."
MEASURES: Final = re.compile(r"(?:^|[^A-Za-z])(?:[kcmd]?m|ft|in|yd|mi)$")
# Signs that stay as they are in a language with spaces, as far as they go on; and the same for Chinese.
PLAIN: Final = re.compile(
    r"(?:[A-Za-z0-9,;:!?%$&/#@_=+<>()]++|\.(?![. \u00a0])|\.(?= [A-Za-z0-9$])|(?<=[A-Za-z])['-](?=[A-Za-z])"
    r"|(?<![(\[ ]) (?=[A-Za-z0-9$]))++"
)
PLAIN_CHINESE: Final = re.compile(
    r"(?:(?![零〇一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟])[\u4e00-\u9fff])++"
)
# A word, a run of white space, dots that stand for left-out words, or one sign.
TOKEN: Final = re.compile(
    r"(?P<word>[A-Za-z0-9]+)|(?P<white>\s+)|(?P<dots>…+\.?|\.(?:[ \u00a0]?\.){2,})|(?P<sign>.)", re.S
)
LINE_HYPHEN: Final = re.compile(r"(?<=[^\W\d_])[-‐\u00ad][ \t]{0,8}\r?\n[ \t]{0,40}(?=[^\W\d_])")
NOTE: Final = re.compile(r"(?<=[A-Za-z.,;:!?\"'”’)])\[(?:FN|fn|n\.?\s?)?\d{1,3}\]|〔\d{1,3}〕")
STAR: Final = re.compile(r"(?:(?<=\s)|(?<=[a-z])|\A)\[?\*\d{1,5}\]?(?=[\sa-z])[ ]?")


def is_cjk(language: str) -> bool:
    """Returns whether texts of the language are written without spaces between words."""
    return language.lower().startswith(("zh", "ja"))


_HIDDEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u2800\u0335-\u0338\u0488\u0489\u20d0-\u20f0\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\ud800-\udfff\ue000-\uf8ff\U000e0000-\U0010ffff]"
)


# A letter of another script that looks like a Latin one, inside a Latin word.
_LOOKALIKE: Final = (
    "\u0400-\u04ff\u0391\u0392\u0395-\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7"
    "\u03b1\u03b9\u03ba\u03bd\u03bf\u03c1\u03c5"
)
_MIXED: Final = re.compile(f"[A-Za-z][{_LOOKALIKE}]|[{_LOOKALIKE}][A-Za-z]")
_TURNED: Final = re.compile("[\u202a-\u202e\u2066-\u2069\U000e0000-\U0010ffff]")


def is_shown(text: str) -> bool:
    """Returns whether every sign of the text shows as what it is.

    No zero width, turned direction, tag, overlay or look-alike of another script in a Latin word; soft hyphens may be.
    """
    return text.isascii() or (_HIDDEN.search(text) is None and _MIXED.search(text) is None)


def is_turned(text: str) -> bool:
    """Returns whether signs in the text turn its direction or tag it, so that it shows other than it reads."""
    return _TURNED.search(text) is not None


@cache
def is_hidden(sign: str) -> bool:
    """Returns whether the sign shows nothing: zero width, direction, soft hyphen, tag, control; white space is not."""
    return (unicodedata.category(sign) in ("Cf", "Cc", "Cs", "Co") and not sign.isspace()) or "︀" <= sign <= "️"


@cache
def compose(sign: str) -> str:
    """Returns one sign in NFKC, quotes and dashes made one; "" for hidden signs and for circled note numbers."""
    if is_hidden(sign) or "①" <= sign <= "⓿":
        return ""
    if sign in QUOTES:
        return "'"
    return "-" if sign in DASHES else unicodedata.normalize("NFKC", sign)


@cache
def is_dropped_in_chinese(sign: str) -> bool:
    """Returns whether Chinese comparison leaves the sign out: white space and punctuation, but not % and the like."""
    return sign.isspace() or (unicodedata.category(sign)[0] in "PZC" and sign not in KEPT)
