"""The wheels that carry the programs: downloaded by pip with a pinned hash, and unpacked, never installed.

The programs inside need no Python, so the wheels serve although they are made for Python 3.12.
"""

import platform
import shutil
import stat
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Final, Literal, TypeAlias

from metier.errors import InputError, MissingError, StorageError

Engine: TypeAlias = Literal["valhalla", "osrm"]

_SYSTEM: Final = ("Linux", "x86_64")
_LARGEST: Final = 512 << 20  # bytes, unpacked
_DOWNLOAD_S: Final = 600
_TAGS: Final = ("--python-version=3.12", "--implementation=cp", "--abi=abi3", "--platform=manylinux_2_28_x86_64")


@dataclass(frozen=True, slots=True)
class Wheel:
    """A pinned wheel: the project and its version, the file's SHA-256, and a program that must be in it."""

    project: str
    version: str
    sha256: str
    probe: str


WHEELS: Final[Mapping[Engine, Wheel]] = {
    "valhalla": Wheel(
        project="pyvalhalla",
        version="3.9.1",
        sha256="7b49c5e5f86cefd555b473aaaf34df3305889d30aa889b8abd3b4c2acc622271",
        probe="valhalla/bin/valhalla_service",
    ),
    "osrm": Wheel(
        project="osrm-bindings",
        version="26.10.0",
        sha256="840d6f82812eb9f9e17c71eb9083dfa15f3be2bfec4965c32aefa48b00d3a951",
        probe="osrm/bin/osrm-routed",
    ),
}


def install_program(engine: Engine, home: Path) -> Path:
    """Returns the folder of the unpacked wheel below `home`, made when it is not there.

    Raises MissingError where the wheel cannot be had, StorageError where the folder cannot be written.
    """
    wheel = WHEELS[engine]
    folder = home / "programs" / f"{engine}-{wheel.version}-{wheel.sha256[:12]}"
    if (folder / wheel.probe).is_file():
        return folder
    _require_system()
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".draft-") as draft:
            archive = _download(wheel, Path(draft))
            unpack_wheel(archive, Path(draft) / "unpacked")
            if not (Path(draft) / "unpacked" / wheel.probe).is_file():
                raise MissingError(f"The wheel of {wheel.project} {wheel.version} holds no {wheel.probe}.")
            (Path(draft) / "unpacked").rename(folder)
    except OSError as error:
        if (folder / wheel.probe).is_file():  # somebody else has unpacked it meanwhile
            return folder
        raise StorageError(f"The program cannot be put into {folder}: {error.strerror or error}.") from error
    return folder


def unpack_wheel(archive: Path, folder: Path) -> None:
    """Unpacks files into the folder; raises InputError for one that would land elsewhere, a link, or far too much."""
    try:
        with zipfile.ZipFile(archive) as wheel:
            members = [member for member in wheel.infolist() if not member.is_dir()]
            if sum(member.file_size for member in members) > _LARGEST:
                raise InputError(f"{archive.name} unpacks to more than {_LARGEST >> 20} MiB.")
            for member in members:
                target = folder / _checked_name(member)
                target.parent.mkdir(parents=True, exist_ok=True)
                with wheel.open(member) as source, target.open("wb") as file:
                    shutil.copyfileobj(source, file)
                target.chmod(0o755 if (member.external_attr >> 16) & stat.S_IXUSR else 0o644)
    except (zipfile.BadZipFile, EOFError, NotImplementedError) as error:
        raise InputError(f"{archive.name} is not a wheel.") from error


def _checked_name(member: zipfile.ZipInfo) -> PurePosixPath:
    path = PurePosixPath(member.filename)
    mode = member.external_attr >> 16
    odd = path.is_absolute() or ".." in path.parts or "\\" in member.filename or ":" in path.parts[0]
    if odd or stat.S_ISLNK(mode):
        raise InputError("A file of the wheel would land outside its folder.", hint="Do not use this wheel.")
    return path


def _require_system() -> None:
    here = (platform.system(), platform.machine())
    if here != _SYSTEM:
        raise MissingError(
            f"The routing programs are pinned for {' '.join(_SYSTEM)}; this is {' '.join(here)}.",
            hint="Run the server yourself and give its address.",
        )


def _download(wheel: Wheel, folder: Path) -> Path:
    pinned = folder / "pinned.txt"
    pinned.write_text(f"{wheel.project}=={wheel.version} --hash=sha256:{wheel.sha256}\n", encoding="ascii")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-input"]
    command += ["--only-binary=:all:", "--no-deps", "--require-hashes", *_TAGS, "-r", str(pinned), "-d", str(folder)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_DOWNLOAD_S, check=False)
    except subprocess.TimeoutExpired as error:
        raise MissingError(f"The wheel of {wheel.project} did not arrive within {_DOWNLOAD_S} s.") from error
    found = sorted(folder.glob("*.whl"))
    if done.returncode or len(found) != 1:
        raise MissingError(
            f"The wheel of {wheel.project} {wheel.version} could not be downloaded.",
            hint="pip and a package index are needed once; then it is kept.",
        )
    if sha256(found[0].read_bytes()).hexdigest() != wheel.sha256:
        raise MissingError(f"The wheel of {wheel.project} {wheel.version} is not the pinned file.")
    return found[0]
