"""The profiles by name, and which one a model needs."""

from dataclasses import dataclass

from metier.errors import MissingError
from metier.profiles.profile import Profile
from metier.profiles.tongyi.model import TongyiModel

NONE = "none"
"""The flag that takes a model as it is, whatever its name."""


@dataclass(frozen=True, slots=True)
class _Known:
    """A profile, and what the names of its models hold, in small letters."""

    profile: Profile
    signs: tuple[str, ...]


_PROFILES = {"tongyi": _Known(TongyiModel, ("tongyi-deepresearch", "alibaba-nlp/tongyi"))}


def find_profile(model_name: str, flag: str = "") -> Profile | None:
    """Returns what wraps a model of this name, or None for one that needs nothing.

    `flag` decides when it is given: the name of a profile, or "none". Raises MissingError for one that there is not.
    """
    if flag == NONE:
        return None
    if flag:
        if flag not in _PROFILES:
            names = ", ".join([*sorted(_PROFILES), NONE])
            raise MissingError(f"There is no profile {flag!r}.", hint=f"Profiles: {names}.")
        return _PROFILES[flag].profile
    name = model_name.casefold().replace("_", "-")
    found = (known.profile for known in _PROFILES.values() if any(sign in name for sign in known.signs))
    return next(found, None)
