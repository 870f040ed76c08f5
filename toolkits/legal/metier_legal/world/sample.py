"""The sample law: the law of the fictional country, installed like any other law."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from metier.toolkit import Settings
from metier_legal.corpus.corpus import Source
from metier_legal.corpus.importing import Progress, add_source
from metier_legal.world.publishing import write_law

__all__ = ["SAMPLE", "SAMPLE_SEED", "install_sample", "write_law"]

SAMPLE: Final = "sample"
SAMPLE_SEED: Final = 1


def install_sample(settings: Settings, *, seed: int = SAMPLE_SEED, progress: Progress | None = None) -> Source:
    """Returns the source of the sample law after importing it; one that is there already is not imported again.

    It is called "sample", of other seeds "sample-<seed>". Raises StorageError where it cannot be written.
    """
    name = SAMPLE if seed == SAMPLE_SEED else f"{SAMPLE}-{seed}"
    with TemporaryDirectory(prefix="metier-") as temporary:
        folder = Path(temporary) / name
        folder.mkdir()
        write_law(folder, seed=seed)
        return add_source(settings, folder, name=name, progress=progress)
