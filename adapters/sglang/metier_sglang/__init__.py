"""SGLang-served weights for metier.

    from metier_sglang import SglangModel

    model = SglangModel("http://127.0.0.1:30000", settings={"temperature": 0.6})

The names below are loaded when first used, so `import metier_sglang` costs next to nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from metier_sglang.model.address import open_compatible, open_native
    from metier_sglang.model.compatible.model import CompatibleModel
    from metier_sglang.model.native import SglangModel
    from metier_sglang.model.settings import SglangModelSettings

__all__ = ["CompatibleModel", "SglangModel", "SglangModelSettings", "open_compatible", "open_native"]

_HOMES = {
    "CompatibleModel": "metier_sglang.model.compatible.model",
    "SglangModel": "metier_sglang.model.native",
    "SglangModelSettings": "metier_sglang.model.settings",
    "open_compatible": "metier_sglang.model.address",
    "open_native": "metier_sglang.model.address",
}


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'metier_sglang' has no attribute {name!r}")
    return getattr(import_module(home), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
