"""Characters that a person does not see and a model reads: found, shown, and taken out. Pure."""

import re
import unicodedata
from collections.abc import Iterator

_SEEN_CONTROLS = "\t\n\r"
# Letters and marks that are drawn as nothing, though Unicode does not count them as format characters.
_BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180e\u180f\u2065\u2800\u3164\uffa0\u2028\u2029")
_JOINERS = "\u200c\u200d"  # needed inside words of some scripts, and between the parts of an emoji
_SELECTOR = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_FLAG = re.compile("\U0001f3f4[\U000e0061-\U000e007a]{4,6}\U000e007f")  # England, Scotland, Wales
_ESCAPE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|.)?", re.DOTALL)
_GAP = re.compile(r"[^\S\n]{100,}|(?:[^\S\n]*\n){20,}")  # what pushes the rest off the screen
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
ROUNDS = 4  # what is taken out may leave something without the neighbour it needs
AROUND = 24  # characters shown on each side


def find_hidden(text: str) -> Iterator[tuple[str, str]]:
    """Yields what is hidden in `text`, each kind once: what it is, and an excerpt in which it can be seen."""
    kinds: dict[str, int] = {}
    for at, what in _hidden(text):
        kinds.setdefault(what, at)
    for pattern, what in ((_GAP, "a gap that pushes text out of sight"), (_COMMENT, "a comment that is not displayed")):
        if (match := pattern.search(text)) is not None:
            kinds[what] = match.start()
    for what, at in kinds.items():
        yield what, excerpt(text, at)


def strip_hidden(text: str) -> str:
    """Returns `text` without characters that are not seen, escape sequences and comments; what is visible stays."""
    clean = _ESCAPE.sub("", text)
    for _ in range(ROUNDS):
        taken = {at for at, _ in _hidden(clean)}
        if not taken:
            break
        clean = "".join(char for at, char in enumerate(clean) if at not in taken)
    else:
        clean = "".join(char for char in clean if char.isprintable() or char in _SEEN_CONTROLS)
    return _COMMENT.sub(" ", clean)


def show(text: str) -> str:
    r"""Returns `text` with every character that is not seen, and every line end, written as an escape: `\u200b`."""
    shown = text
    for _ in range(ROUNDS):
        taken = {at for at, _ in _hidden(shown)}
        shown = "".join(_escaped(c) if at in taken or c in _SEEN_CONTROLS else c for at, c in enumerate(shown))
        if not taken:
            break
    return shown


def excerpt(text: str, at: int, length: int = 1) -> str:
    """Returns `text` from a little before `at` to a little after `at + length`, with all that is hidden shown."""
    first, last = max(0, at - AROUND), min(len(text), at + length + AROUND)
    before, after = "…" if first else "", "…" if last < len(text) else ""
    return f"{before}{show(text[first:last])}{after}"


def _escaped(char: str) -> str:
    return char.encode("unicode_escape", "surrogatepass").decode("ascii")


def _hidden(text: str) -> Iterator[tuple[int, str]]:
    """Yields the place and the kind of every character in `text` that is not seen."""
    if text.isascii() and text.isprintable():
        return
    flags = {at for match in _FLAG.finditer(text) for at in range(match.start(), match.end())}
    for at, char in enumerate(text):
        if char.isascii() and (char.isprintable() or char in _SEEN_CONTROLS):
            continue
        what = "" if at in flags else _kind(char, text[at - 1 : at], text[at + 1 : at + 2])
        if what:
            yield at, what


def _kind(char: str, before: str, after: str) -> str:
    """Returns what kind of hidden character `char` is between its neighbours, or ""."""
    if _SELECTOR.match(char):
        is_lone = bool(before) and not _SELECTOR.match(before) and not (after and _SELECTOR.match(after))
        return "" if is_lone and not before.isspace() else "variation selectors, which can spell hidden text"
    if char in _JOINERS:
        return "" if _joins(before) and _joins(after) else "characters of no width"
    if 0xE0000 <= ord(char) <= 0xE0FFF:
        return "tag characters, which can spell hidden text"
    return _kind_by_category(char)


_CATEGORIES = {
    "Cc": "control characters",
    "Cf": "characters of no width",
    "Co": "characters for private use",
    "Cs": "halves of characters",
}


def _kind_by_category(char: str) -> str:
    if unicodedata.bidirectional(char) in {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}:
        return "marks that turn the direction of writing"
    if char in _BLANKS:
        return "characters that are drawn as nothing"
    return _CATEGORIES.get(unicodedata.category(char), "")


def _joins(char: str) -> bool:
    """Returns whether a joiner beside `char` has a purpose: letters outside Latin, Greek, Cyrillic, Han; pictures."""
    if not char:
        return False
    return char == "\ufe0f" or unicodedata.category(char) in {"So", "Sk", "Mn", "Mc"} or "\u0590" <= char <= "\u1fff"
