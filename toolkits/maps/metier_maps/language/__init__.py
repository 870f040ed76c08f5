"""Travel requests in plain English and plain Chinese: grammar and nothing else. Pure."""

from metier_maps.language.draft import Draft, EditDraft, EditDrafts, Mention
from metier_maps.language.editing import parse_edit
from metier_maps.language.effects import list_strays
from metier_maps.language.reading import parse_request

__all__ = ["Draft", "EditDraft", "EditDrafts", "Mention", "list_strays", "parse_edit", "parse_request"]
