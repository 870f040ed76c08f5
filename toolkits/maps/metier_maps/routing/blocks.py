"""A large matrix from small ones: engines limit how much they answer at once."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from metier.errors import ServerError
from metier_maps.routing.router import Matrix, Point

Cell: TypeAlias = tuple[int, int] | None  # seconds and metres; None: no way
Ask: TypeAlias = Callable[[Sequence[Point], Sequence[Point]], list[list[Cell]] | None]


def assemble_matrix(origins: Sequence[Point], destinations: Sequence[Point], ask: Ask, *, size: int) -> Matrix:
    """Returns the matrix, asked for in blocks of at most `size` by `size`.

    `ask` returns the cells of a block, or None when the engine refuses the block because some pair in it has no way;
    such a block is halved until the pair is found. Raises ServerError for a block of the wrong shape.
    """
    cells: list[list[Cell]] = [[None] * len(destinations) for _ in origins]
    waiting = [
        (range(row, min(row + size, len(origins))), range(column, min(column + size, len(destinations))))
        for row in range(0, len(origins), size)
        for column in range(0, len(destinations), size)
    ]
    while waiting:
        rows, columns = waiting.pop()
        found = ask([origins[row] for row in rows], [destinations[column] for column in columns])
        if found is None:
            waiting.extend(_halve(rows, columns))
            continue
        if len(found) != len(rows) or any(len(line) != len(columns) for line in found):
            raise ServerError("The routing server answered with a matrix of the wrong size.")
        for row, line in zip(rows, found, strict=True):
            cells[row][columns.start : columns.stop] = line
    return Matrix(
        durations_s=tuple(tuple(cell and cell[0] for cell in line) for line in cells),
        distances_m=tuple(tuple(cell and cell[1] for cell in line) for line in cells),
    )


def _halve(rows: range, columns: range) -> list[tuple[range, range]]:
    if len(rows) == 1 and len(columns) == 1:
        return []
    if len(rows) >= len(columns):
        middle = rows.start + len(rows) // 2
        return [(range(rows.start, middle), columns), (range(middle, rows.stop), columns)]
    middle = columns.start + len(columns) // 2
    return [(rows, range(columns.start, middle)), (rows, range(middle, columns.stop))]
