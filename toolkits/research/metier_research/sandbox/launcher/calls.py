"""Which system calls a program may make. By name, with their numbers on the two processors that are known.

Refused is what reaches another process, a network, another's file or the machine; what a program does to its own
memory, threads and files is left. Numbers from `CEILING` on do not exist for the program: what a later kernel adds.
"""

from typing import Final

CEILING: Final = 452

_X86_64: Final = {
    "network": (41,),
    "processes": (57, 58, 322),
    "other processes": (101, 310, 311, 312, 440, 448, 434, 438, 424, 200, 129, 297, 279, 256),
    "sessions and priorities": (112, 109, 141, 251, 142, 144, 314, 203),
    "identity": (105, 106, 113, 114, 117, 119, 122, 123, 116, 126, 135),
    "rights and times of files": (90, 91, 268, 92, 93, 94, 260, 132, 235, 261, 280, 188, 189, 190, 197, 198, 199),
    "devices and pipes by name": (133, 259),
    "file systems": (165, 166, 155, 161, 272, 308, 428, 429, 430, 431, 432, 433, 442, 303, 304, 167, 168, 179, 443),
    "the machine": (163, 169, 170, 171, 103, 162, 306, 153, 164, 227, 159, 305, 172, 173, 154, 134),
    "the kernel": (175, 313, 176, 246, 320, 321, 298, 323, 425, 426, 427, 248, 249, 250, 447, 212),
    "memory shared by key": (29, 30, 31, 64, 65, 66, 220, 68, 69, 70, 71, 240, 241),
    "watching files": (253, 294, 254, 300, 301),
}
_AARCH64: Final = {
    "network": (198,),
    "processes": (281,),
    "other processes": (117, 270, 271, 272, 440, 448, 434, 438, 424, 130, 138, 240, 239, 238),
    "sessions and priorities": (157, 154, 140, 30, 118, 119, 274, 122),
    "identity": (146, 144, 145, 143, 147, 149, 151, 152, 159, 91, 92),
    "rights and times of files": (52, 53, 55, 54, 88, 5, 6, 7, 14, 15, 16),
    "devices and pipes by name": (33,),
    "file systems": (40, 39, 41, 51, 97, 268, 428, 429, 430, 431, 432, 433, 442, 264, 265, 224, 225, 60, 443),
    "the machine": (89, 142, 161, 162, 116, 81, 267, 58, 170, 112, 171, 266),
    "the kernel": (105, 273, 106, 104, 294, 280, 241, 282, 425, 426, 427, 217, 218, 219, 447, 18),
    "memory shared by key": (194, 196, 195, 190, 193, 191, 192, 186, 189, 188, 187, 180, 181),
    "watching files": (26, 27, 262, 263),
}
REFUSED: Final = {"x86_64": _X86_64, "aarch64": _AARCH64}

ABSENT: Final = {"x86_64": (435,), "aarch64": (435,)}
"""clone3: its flags are out of a filter's sight; the C library takes clone instead when there is none."""

CLONE: Final = {"x86_64": 56, "aarch64": 220}
SIGNALS: Final = {"x86_64": (62, 234), "aarch64": (129, 131)}
"""kill and tgkill: the first argument is the process."""

PRLIMIT: Final = {"x86_64": 302, "aarch64": 261}

ALLOWED_VALUES: Final = {
    "x86_64": {16: (1, "ioctl"), 72: (1, "fcntl"), 53: (0, "socketpair"), 157: (0, "prctl")},
    "aarch64": {29: (1, "ioctl"), 25: (1, "fcntl"), 199: (0, "socketpair"), 167: (0, "prctl")},
}
"""Calls of which only some uses are left: the argument that says which use, and the name of the list of values."""

VALUES: Final = {
    # size of a terminal, bytes waiting, blocking or not, closed when executed or not
    "ioctl": (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451),
    # descriptors, flags, locks, sizes of pipes and seals; nothing that names an owner who is sent signals
    "fcntl": (0, 1, 2, 3, 4, 5, 6, 7, 36, 37, 38, 1024, 1030, 1031, 1032, 1033, 1034),
    "socketpair": (1,),  # within the process
    # names of threads and of memory, timer slack, stricter filters; not the tie to the process that started it
    "prctl": (15, 16, 22, 29, 30, 38, 39, 0x53564D41),
}
