"""A JSON value as what changed since another: long histories cost what was added, not what was there."""

from collections.abc import Mapping

from metier.canonical import JSON, canonical_json
from metier.errors import InputError


def difference(old: JSON, new: JSON) -> JSON:
    """Returns what changes `old` into `new`: one of ["="], ["v", value], ["l", kept, tail], ["d", changed, removed].

    A list is its common beginning with the old one and its tail; a mapping is compared key by key. The cost is the
    size of what is not shared.
    """
    if isinstance(old, dict) and isinstance(new, dict):
        deltas = {key: difference(old[key], value) if key in old else ["v", value] for key, value in new.items()}
        changed: dict[str, JSON] = {key: delta for key, delta in deltas.items() if delta != ["="]}
        removed: list[JSON] = [key for key in old if key not in new]
        return ["d", changed, removed] if changed or removed else ["="]
    if isinstance(old, list) and isinstance(new, list):
        kept = _shared(old, new)
        return ["="] if kept == len(old) == len(new) else ["l", kept, new[kept:]]
    return ["="] if _same(old, new) else ["v", new]


def restore(old: JSON, delta: JSON) -> JSON:
    """Returns the value that `difference(old, value)` described; raises InputError for what is no difference."""
    match delta, old:
        case ["="], _:
            return old
        case ["v", value], _:
            return value
        case ["l", int(kept), list(tail)], list(items) if kept <= len(items):
            return [*items[:kept], *tail]
        case ["d", dict(changed), list(removed)], dict(fields):
            whole: dict[str, JSON] = {key: value for key, value in fields.items() if key not in removed}
            return whole | {key: restore(fields.get(key), part) for key, part in changed.items()}
    raise InputError("This is no difference between two JSON values.")


def first_change(old: JSON, new: JSON, pointer: str = "") -> str:
    """Returns one line that names the first place where the two values differ; empty when they are equal."""
    if _same(old, new):
        return ""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in sorted({*old, *new}):
            if key not in old or key not in new:
                return f"{pointer}/{key} {'is gone' if key in old else 'is new'}"
            if not _same(old[key], new[key]):
                return first_change(old[key], new[key], f"{pointer}/{key}")
    if isinstance(old, list) and isinstance(new, list):
        at = _shared(old, new)
        if at < len(old) and at < len(new):
            return first_change(old[at], new[at], f"{pointer}/{at}")
        return f"{pointer or '/'} had {len(old)} items, now {len(new)}"
    return f"{pointer or '/'} was {_short(old)}, is {_short(new)}"


def _same(old: JSON, new: JSON) -> bool:
    """Returns whether both are written the same: 1 is not 1.0, and not True."""
    if old is new:
        return True
    if isinstance(old, dict) and isinstance(new, dict):
        return old.keys() == new.keys() and all(_same(item, new[key]) for key, item in old.items())
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(map(_same, old, new))
    return type(old) is type(new) and (repr(old) == repr(new) if isinstance(old, float) else old == new)


def _shared(old: list[JSON], new: list[JSON]) -> int:
    for at, (one, other) in enumerate(zip(old, new, strict=False)):
        if not _same(one, other):
            return at
    return min(len(old), len(new))


def _short(value: JSON) -> str:
    text = canonical_json(value)
    return text if len(text) <= 120 else f"{text[:117]}..."
