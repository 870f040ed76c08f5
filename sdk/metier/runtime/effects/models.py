"""Models by string: `playbook`, an adapter's prefix, or anything pydantic-ai knows."""

from collections.abc import Callable, Sequence
from importlib.metadata import entry_points

from pydantic_ai.exceptions import UserError
from pydantic_ai.models import Model, infer_model

from metier.discovery import MODELS
from metier.errors import InputError, MissingError
from metier.modes.mode import Finishing
from metier.profiles.registry import find_profile
from metier.runtime.effects.playbook import PlaybookModel
from metier.task import Task
from metier.toolkit import Toolkit

PLAYBOOK = "playbook"
_SPELLINGS = "Models are `playbook` or provider:name, e.g. openai:gpt-5."
_NATIVE = frozenset({"metier", "sglang"})
_EXTRAS = frozenset({"openai", "anthropic", "google"})


def name_of(model: str | Model) -> str:
    """Returns the string under which a run records its model."""
    return model if isinstance(model, str) else f"{model.system}:{model.model_name}"


def with_profile(model: Model, profile: str) -> Model:
    """Returns the model in the profile that `profile` names, or in the one that its name asks for where it is empty.

    The native models of adapters write and read the text of their weights themselves: they get one only when it is
    named. Raises MissingError for a profile that there is not.
    """
    named = "" if model.system in _NATIVE else model.model_name
    wrap = find_profile(named, profile)
    return model if wrap is None else wrap(model)


def open_model(
    model: str | Model, *, task: Task, toolkits: Sequence[Toolkit], finishings: Sequence[Finishing]
) -> Model:
    """Returns the model that `model` names; raises MissingError for an extra, key or playbook that is not there."""
    if isinstance(model, Model):
        return model
    if model == PLAYBOOK:
        return _playbook(task, toolkits, finishings)
    prefix, _, rest = model.partition(":")
    adapter = _find_adapter(prefix)
    return adapter(rest) if adapter else _infer(model, prefix)


def _playbook(task: Task, toolkits: Sequence[Toolkit], finishings: Sequence[Finishing]) -> Model:
    for toolkit in toolkits:
        if toolkit.playbook is not None:
            return PlaybookModel(toolkit.playbook, task, finishings)
    names = ", ".join(toolkit.name for toolkit in toolkits)
    raise MissingError(f"No playbook in the toolkits of this run ({names}).", hint="Name a model, e.g. openai:gpt-5.")


def _find_adapter(prefix: str) -> Callable[[str], Model] | None:
    for found in entry_points(group=MODELS, name=prefix):
        try:
            adapter: Callable[[str], Model] = found.load()
        except (ImportError, AttributeError) as error:
            raise MissingError(
                f"The model adapter {prefix!r} cannot be loaded: {error}.", hint="Install it again."
            ) from error
        return adapter
    return None


def _infer(model: str, prefix: str) -> Model:
    if ":" not in model:
        raise InputError(f"There is no model {model!r}.", hint=_SPELLINGS)
    extra = prefix.removesuffix("-responses").removesuffix("-chat").removesuffix("-gla").removesuffix("-vertex")
    package = f"metier[{extra}]" if extra in _EXTRAS else f"pydantic-ai-slim[{extra}]"
    try:
        return infer_model(model)
    except ImportError as error:
        raise MissingError(
            f"The model {model!r} needs the extra {extra!r}.", hint=f"Install it: pip install '{package}'"
        ) from error
    except UserError as error:
        raise MissingError(f"The model {model!r} cannot be used: {error}", hint="Set what it names.") from error
    except ValueError as error:
        raise InputError(f"There is no model {model!r}: {error}.", hint=_SPELLINGS) from error
