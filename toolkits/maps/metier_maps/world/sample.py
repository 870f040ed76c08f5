"""The sample region: the fictional country installed like any other map."""

from pathlib import Path
from tempfile import TemporaryDirectory

from metier.toolkit import Settings
from metier_maps.osm.progress import Progress
from metier_maps.place import Region
from metier_maps.places.regions import add_region
from metier_maps.world.region import write_region

SAMPLE = "sample"
SAMPLE_SEED = 1


def install_sample(settings: Settings, *, seed: int = SAMPLE_SEED, progress: Progress | None = None) -> Region:
    """Returns the sample region after writing and importing it; one that is there already is not imported again.

    It is called "sample", other seeds "sample-<seed>". Raises StorageError where it cannot be written.
    """
    name = SAMPLE if seed == SAMPLE_SEED else f"{SAMPLE}-{seed}"
    with TemporaryDirectory(prefix="metier-") as folder:
        path = Path(folder) / f"{name}.osm.pbf"
        write_region(path, seed=seed)
        return add_region(settings, path, name=name, progress=progress)
