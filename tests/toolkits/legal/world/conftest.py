"""The law of the fictional country, made once for all tests of it."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from metier.world import make_country
from metier_legal.law.case import Case
from metier_legal.world.cases.docket import Docket, open_docket
from metier_legal.world.publishing import write_law
from metier_legal.world.statutes.drafting import Law


@pytest.fixture(scope="session")
def law() -> Law:
    return Law(make_country(1))


@pytest.fixture(scope="session")
def docket(law: Law) -> Docket:
    return open_docket(law)


@pytest.fixture(scope="session")
def cases(docket: Docket) -> Mapping[str, Case]:
    return {case.id: case for case in docket.cases()}


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("world")
    write_law(path, seed=1)
    return path
