"""Starts the tested client when there is a free slot: the suite starts all its scenarios at once, and some take time.

Usage: slot.py FOLDER COUNT URL. The slot is a lock on a file in FOLDER, and is given back when the client ends.
"""

import fcntl
import os
import sys
import time
from pathlib import Path

PAUSE_S = 0.05


def take_slot(folder: Path, count: int) -> int:
    """Returns the file descriptor that holds a slot; waits for one."""
    files = [os.open(folder / f"slot-{number}", os.O_RDWR | os.O_CREAT, 0o600) for number in range(count)]
    while True:
        for file in files:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            os.set_inheritable(file, True)
            return file
        time.sleep(PAUSE_S)


if __name__ == "__main__":
    take_slot(Path(sys.argv[1]), int(sys.argv[2]))
    os.execv(sys.executable, [sys.executable, "-m", "tests.conformance.client", sys.argv[-1]])
