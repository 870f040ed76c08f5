"""From a text to drafts of edits."""

from datetime import date

from metier_maps.language.chinese.edits import EDIT_RULES as CHINESE_EDITS
from metier_maps.language.draft import Draft, EditDraft, EditDrafts, EditKind, shown
from metier_maps.language.english.edits import EDIT_RULES as ENGLISH_EDITS
from metier_maps.language.english.edits import Edits
from metier_maps.language.reading import HAN, WORDS, is_filler, rules_for
from metier_maps.language.sheet import apply_rules, lay_out, leftovers

# Edits are relative to a trip; a date without a year in one is not understood anyway.
SOME_DAY = date(2000, 1, 1)
_VALUES: dict[str, EditKind] = {
    "drive_limit_s": "drive_limit",
    "budget": "budget",
    "lodging_price": "lodging_price",
    "pets": "pets",
    "pace": "pace",
    "lunch": "lunch",
    "lodging_policy": "lodging_policy",
    "day_start": "day_start",
    "day_end": "day_end",
}
# Relative words of edits that say nothing of their own.
_FILLERS = frozenset(("fine", "instead", "rather", "actually", "keep", "rest", "everything", "else", "bit", "little"))


def parse_edit(text: str, *, today: date = SOME_DAY) -> EditDrafts:
    """Returns the changes that the text asks of a trip, in English, Chinese or both, and what was not understood.

    Raises InputError for a text that is too long or that names a date which does not exist.
    """
    sheet = lay_out(text)
    edits: Edits = ()
    if HAN.search(sheet.text):
        sheet, edits = apply_rules(CHINESE_EDITS, sheet, edits, today=today)
    sheet, edits = apply_rules(ENGLISH_EDITS, sheet, edits, today=today)
    sheet, draft = apply_rules(rules_for(sheet.text), sheet, Draft(), today=today)
    lost = leftovers(sheet, lambda word: word in _FILLERS or is_filler(word), WORDS)
    unused = tuple(
        shown(v) for v in (draft.region, draft.start, draft.end, draft.start_date, draft.days) if v is not None
    )
    return EditDrafts((*edits, *_edits_of(draft)), (*lost, *unused, *(q.text for q in draft.questions)))


def _edits_of(draft: Draft) -> Edits:
    values = tuple(
        EditDraft(kind, value=value) for field, kind in _VALUES.items() if (value := getattr(draft, field)) is not None
    )
    added = tuple(EditDraft("add", place=mention) for mention in draft.must_see)
    avoided = tuple(EditDraft("avoid", place=mention) for mention in draft.avoid)
    closed = tuple(EditDraft("avoid", category=category) for category in draft.avoid_categories)
    return (*values, *added, *avoided, *closed)
