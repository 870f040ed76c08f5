"""Lets SGLang be imported where `triton` and `torchvision` are not installed: neither is used to serve text on a CPU.

Loaded by metier_absent.pth as the interpreter starts, in every process of the server. The finder comes last, so an
installed package wins. Any module below the two exists and any name in it: a capital letter makes a class to derive
from, anything else a module that may be called as a decorator (`@triton.jit`) and is false.
"""

import enum
import importlib.abc
import importlib.machinery
import sys
import types
from collections.abc import Callable, Sequence
from typing import Any

PACKAGES = ("triton", "torchvision")
VERSION = "3.0.0"  # SGLang and transformers compare it with the oldest release they take
INTERPOLATIONS = ("NEAREST", "NEAREST_EXACT", "BILINEAR", "BICUBIC", "BOX", "HAMMING", "LANCZOS")
ARITHMETIC: dict[str, Callable[..., int]] = {
    "cdiv": lambda a, b: -(-a // b),
    "next_power_of_2": lambda n: 1 << (n - 1).bit_length() if n > 0 else 1,
}


class AbsentClass:
    """Takes any arguments, also those of a class statement that derives from it."""

    def __init__(self, *_args: object, **_kwargs: object) -> None:
        pass

    def __init_subclass__(cls, **_kwargs: object) -> None:
        super().__init_subclass__()


class AbsentModule(types.ModuleType):
    """A module of a package that is not installed."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.__path__: list[str] = []
        self.__version__ = VERSION

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        value = self._make(name)
        setattr(self, name, value)
        return value

    def _make(self, name: str) -> Any:
        if name == "InterpolationMode":  # transformers looks its members up while it is imported
            return enum.Enum(name, {member: member.lower() for member in INTERPOLATIONS})
        if name in ARITHMETIC:
            return ARITHMETIC[name]
        if name[:1].isupper():
            return type(name, (AbsentClass,), {})
        return importlib.import_module(f"{self.__name__}.{name}")

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        is_bare_decorator = len(args) == 1 and callable(args[0]) and not kwargs
        return args[0] if is_bare_decorator else lambda function: function

    def __bool__(self) -> bool:
        return False


class AbsentFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds every module of PACKAGES that nothing before it has found."""

    def find_spec(
        self, name: str, _path: Sequence[str] | None = None, _target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name.partition(".")[0] not in PACKAGES:
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        return AbsentModule(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        pass


sys.meta_path.append(AbsentFinder())
