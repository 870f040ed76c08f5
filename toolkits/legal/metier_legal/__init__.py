"""Legal research with citations that are enforced, as a toolkit of metier."""

from metier.answer import Answer
from metier.late import late
from metier.toolkit import Settings, Toolkit
from metier_legal.checks import CHECKS
from metier_legal.commands import commands
from metier_legal.instructions import INSTRUCTIONS
from metier_legal.live import PROVIDERS
from metier_legal.memo import Memo
from metier_legal.rendering import RENDERERS

__all__ = ["toolkit"]

SAMPLE_REQUEST = (
    "A tenant stopped paying after the heating failed for six weeks. May the landlord terminate? "
    "Date of the facts: 3 February 2021."
)

_install = late("metier_legal.world.sample", "install_sample")


def _install_world(settings: Settings, seed: int) -> None:
    """Installs the law of the fictional country of a seed."""
    _install(settings, seed=seed)


def _name_folder(answer: Answer) -> str:
    """Returns the name of the folder for a memo: whose law, and as of which day."""
    return f"memo-{answer.jurisdiction}-{answer.relevant_day}" if isinstance(answer, Memo) else "memo"


toolkit = Toolkit(
    name="legal",
    summary="Statutes and cases with citations that are enforced.",
    instructions=INSTRUCTIONS,
    server=late("metier_legal.server", "make_server"),
    answer=Memo,
    checks=CHECKS,
    playbook=late("metier_legal.playbook", "play"),
    tasks=late("metier_legal.world.tasks", "make_tasks"),
    renderers=RENDERERS,
    show=late("metier_legal.rendering.console", "show"),
    folder=_name_folder,
    commands=commands,
    needs=late("metier_legal.needs", "list_needs"),
    sample=SAMPLE_REQUEST,
    world=_install_world,
    providers=PROVIDERS,
)
