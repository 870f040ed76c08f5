"""The environment variables that a test of the command line sets."""

from dataclasses import dataclass

import pytest


@dataclass(frozen=True, slots=True)
class Environment:
    """Sets and drops variables; after the test they are as they were."""

    undo: pytest.MonkeyPatch

    def set(self, name: str, value: str) -> None:
        """Gives the variable a value."""
        self.undo.setenv(name, value)

    def drop(self, name: str) -> None:
        """Takes the variable away."""
        self.undo.delenv(name)
