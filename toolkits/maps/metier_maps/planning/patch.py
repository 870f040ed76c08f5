"""Changes to a request as JSON merge patches (RFC 7396)."""

from collections.abc import Mapping

from pydantic import ValidationError

from metier.canonical import JSON
from metier.errors import InputError
from metier_maps.request import TripRequest


def merge_patch(target: JSON, patch: JSON) -> JSON:
    """Returns `target` with `patch` merged in: null removes, objects merge, anything else replaces."""
    if not isinstance(patch, Mapping):
        return patch
    merged = dict(target) if isinstance(target, Mapping) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = merge_patch(merged.get(name), value)
    return merged


def apply_patch(request: TripRequest, patch: Mapping[str, JSON]) -> TripRequest:
    """Returns the request with the patch merged in; raises InputError when that is no request."""
    merged = merge_patch(request.model_dump(mode="json"), dict(patch))
    try:
        return TripRequest.model_validate(merged)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the request"
        raise InputError(f"The change cannot be made: {where}: {first['msg']}.") from error
