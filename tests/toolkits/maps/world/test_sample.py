"""The sample region, installed like any other map."""

from pathlib import Path

from metier.toolkit import Settings
from metier_maps.places.regions import list_regions
from metier_maps.world.sample import install_sample


def test_the_sample_is_installed_once_and_known_as_fictional(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    first = install_sample(settings)
    again = install_sample(settings)

    assert first == again
    assert [installed.region.name for installed in list_regions(settings)] == ["sample"]
    assert first.fictional
    assert "fictional sample region" in first.attribution
    assert (first.timezone, first.country) == ("Europe/Vienna", "AT")
    assert first.places >= 600
    assert first.lodgings >= 80


def test_progress_of_the_installation_is_told(tmp_path: Path) -> None:
    told: list[object] = []
    install_sample(Settings(data=tmp_path), progress=lambda *event: told.append(event))

    assert told
