"""`metier sglang`: serves open weights, and looks after the servers. A command is imported when it is used."""

from collections.abc import Mapping
from typing import ClassVar

from metier.cli.group import Entry, LateGroup, make_commands

__all__ = ["Commands", "app"]


class Commands(LateGroup):
    """The commands of the SGLang adapter."""

    entries: ClassVar[Mapping[str, Entry]] = {
        "serve": Entry("metier_sglang.serving.commands.serve", "Serve a model with SGLang, until Ctrl-C."),
        "status": Entry("metier_sglang.serving.commands.status", "Show what a server, or a router, is at."),
        "bench": Entry("metier_sglang.serving.commands.bench", "Measure a server with runs of an agent."),
        "weights": Entry("metier_sglang.serving.commands.weights", "The weights of a running server.", is_group=True),
        "lora": Entry("metier_sglang.serving.commands.lora", "LoRA adapters of a running server.", is_group=True),
    }


app = make_commands(Commands, "Serve open weights with SGLang, and look after the servers.")
