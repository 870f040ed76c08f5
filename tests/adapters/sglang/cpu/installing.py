"""A real SGLang server for a machine without a GPU, in an environment of its own: pinned, hashed, from pip's indexes.

`python -m tests.adapters.sglang.cpu.installing` puts it into .sglang-cpu/, and does nothing when it is there. SGLang
asks for CUDA's PyTorch and kernels; none of them is needed to serve text on a CPU, so the packages are installed
without what they ask for, and overlay/ stands in for the two imports that are left.
"""

import fcntl
import hashlib
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[3]
FOLDER = ROOT / ".sglang-cpu"
PYTHON = FOLDER / "bin" / "python"
HOW = "make sglang-cpu"
LOCK = HERE / "requirements.lock"
OVERLAY = HERE / "overlay"
# Not in the lock: its builds for CPUs (+cpu) are rebuilt and hosted by several indexes, so that no one hash fits them.
TORCH = "2.13.0"
VERSIONS = ((3, 11), (3, 12))  # of Python, that SGLang's wheels are made for
GLIBC = (2, 34)  # the oldest that they load on
SPACE = 2.0  # GB, of which the finished environment takes 1.4
SPACE_WITH_CUDA = 9.0
MODULES = ("entrypoints.http_server", "managers.scheduler", "managers.detokenizer_manager", "models.registry")
_STAMP = FOLDER / ".installed"


def is_installed() -> bool:
    """Returns whether what the lock names is installed, whole."""
    return _STAMP.is_file() and _STAMP.read_text() == _digest() and PYTHON.exists()


def install() -> None:
    """Installs everything anew unless it is there; what an interruption left is thrown away.

    A second one at the same time waits for the first.
    """
    with LOCK.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if not is_installed():
            _install()


def _install() -> None:
    python = _find_python()
    _check_platform(platform.system(), platform.libc_ver())
    shutil.rmtree(FOLDER, ignore_errors=True)
    _check_space(SPACE)
    _say(1, "an empty environment")
    subprocess.run([python, "-m", "venv", str(FOLDER)], check=True)
    _say(2, f"PyTorch {TORCH} for CPUs (200 MB to fetch)")
    _install_torch()
    _say(3, "SGLang and the packages of requirements.lock (200 MB to fetch)")
    _pip("--no-deps", "--require-hashes", "-r", str(LOCK))
    for file in OVERLAY.iterdir():
        if file.is_file():
            shutil.copy(file, _site_packages())
    _say(4, "a first import of the server (half a minute)")
    _check_import()
    _STAMP.write_text(_digest())


def _find_python() -> str:
    if sys.version_info[:2] in VERSIONS:
        return sys.executable
    names = [f"python{major}.{minor}" for major, minor in reversed(VERSIONS)]
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        raise SystemExit(f"SGLang's wheels need {' or '.join(names)}, and neither is on PATH. Install one of them.")
    return found


def _check_platform(system: str, libc: tuple[str, str]) -> None:
    name, version = libc
    if system != "Linux" or name != "glibc":
        raise SystemExit("SGLang's wheels need Linux with glibc. METIER_SKIP_SGLANG=1 skips the tests that need them.")
    if tuple(int(part) for part in version.split(".")[:2]) < GLIBC:
        raise SystemExit(f"SGLang's wheels need glibc {GLIBC[0]}.{GLIBC[1]} or newer; this machine has {version}.")


def _check_space(gigabytes: float) -> None:
    free = shutil.disk_usage(FOLDER.parent).free / 1e9
    if free < gigabytes:
        raise SystemExit(f"{FOLDER.name}/ needs {gigabytes:.0f} GB of disk; {free:.1f} GB are free.")


def _install_torch() -> None:
    """Takes the build for CPUs where pip's indexes have it, or else the default one with the CUDA that it needs."""
    failure = _try_pip("--no-deps", f"torch=={TORCH}+cpu")
    if failure and "No matching distribution" not in failure:
        raise SystemExit(failure)
    if failure:
        _say(2, f"no index of pip has torch {TORCH}+cpu: the default build, with CUDA, takes {SPACE_WITH_CUDA:.0f} GB")
        sys.stdout.write("PIP_EXTRA_INDEX_URL may name an index of PyTorch's builds for CPUs.\n")
        _check_space(SPACE_WITH_CUDA)
        _pip(f"torch=={TORCH}")


def _pip(*arguments: str) -> None:
    failure = _try_pip(*arguments)
    if failure:
        raise SystemExit(failure)


def _try_pip(*arguments: str) -> str:
    command = [
        str(PYTHON),
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        "--no-compile",
        *_quietly(),
        *arguments,
    ]
    done = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False)
    return (done.stderr.strip() or "pip failed.") if done.returncode else ""


def _quietly() -> Sequence[str]:
    return () if sys.stdout.isatty() else ("-q",)


def _site_packages() -> str:
    program = "import sysconfig; print(sysconfig.get_paths()['purelib'])"
    return subprocess.run([PYTHON, "-c", program], capture_output=True, text=True, check=True).stdout.strip()


def _check_import() -> None:
    """Imports what the server's three processes do; what Python compiles of it makes each start faster."""
    program = "\n".join(f"import sglang.srt.{module}" for module in MODULES)
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    command = [PYTHON, "-W", "ignore", "-c", program]
    done = subprocess.run(command, cwd=FOLDER, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"The server cannot be imported:\n{done.stderr}")


def _digest() -> str:
    files = sorted(file for file in [LOCK, *OVERLAY.iterdir()] if file.is_file())
    sums = [hashlib.sha256(file.read_bytes()).hexdigest() for file in files]
    return hashlib.sha256("\n".join([*sums, TORCH, sys.version]).encode()).hexdigest()


def _say(step: int, what: str) -> None:
    sys.stdout.write(f"[{step}/4] {what}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    install()
    sys.stdout.write(f"The SGLang server for CPUs is in {FOLDER.name}/.\n")
