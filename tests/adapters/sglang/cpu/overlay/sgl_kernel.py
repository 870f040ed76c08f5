"""Stands in for SGLang's compiled kernels on a machine without a GPU.

SGLang's CPU path imports `sgl_kernel` whether or not it is used. Every name exists here and may be imported; calling
one says which kernel was missed. On x86 without AMX no request reaches one: the operations fall back to PyTorch's own.
"""

from collections.abc import Callable
from typing import Never

__version__ = "0.0.0+absent"


def __getattr__(name: str) -> Callable[..., Never]:
    if name.startswith("__"):
        raise AttributeError(name)

    def absent(*_args: object, **_kwargs: object) -> Never:
        raise NotImplementedError(f"sgl_kernel.{name} has no build for this machine.")

    return absent
