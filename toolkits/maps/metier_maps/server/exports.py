"""The tool that writes a trip's files."""

import re
from typing import Annotated, Final

from mcp.types import CallToolResult
from pydantic import Field

from metier.errors import InputError
from metier.home import make_folder, write_atomically
from metier.servers.result import tool_result
from metier.task import Task
from metier.toolkit import Delivery
from metier_maps.rendering import RENDERERS
from metier_maps.server.atlas import Atlas
from metier_maps.server.shapes import ExportResult
from metier_maps.server.trips import TripId, WholeTrip, judge_trip

EXPORTS: Final = "exports"
_NAME: Final = re.compile(r"[^\W_](?:[\w-]{0,58}[^\W_])?")
# Names that some systems keep for themselves.
_DEVICES: Final = frozenset(("con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))))


class ExportTools:
    """The tool that writes files, and only below the toolkit's own folder."""

    def __init__(self, atlas: Atlas) -> None:
        self._atlas = atlas

    def export_trip(
        self,
        folder: Annotated[str, Field(description="A plain name for the folder, such as andorra-december.")],
        trip: TripId = "",
        itinerary: WholeTrip = None,
    ) -> Annotated[CallToolResult, ExportResult]:
        """Returns the files it wrote of a trip: itinerary.json, a page, a map, GPX, KML, GeoJSON, calendar, Markdown.

        They are put into the folder of that name in the toolkit's exports; a trip of the same name is replaced.
        """
        settings = self._atlas.settings
        target = settings.data / EXPORTS / check_name(folder)
        written = self._atlas.recall(trip, itinerary)
        opened = self._atlas.open(written.request.region)
        verdict, evidence = judge_trip(written, opened, afresh=itinerary is not None)
        delivery = Delivery(Task(text=f"export {written.title}"), written, verdict, evidence)
        rendered = {renderer.filename: renderer.render(delivery, settings) for renderer in RENDERERS}
        if target.is_symlink():
            raise InputError(f"{folder} leads elsewhere.", hint="Choose another name.")
        make_folder(target)
        for filename, data in rendered.items():
            write_atomically(target / filename, data)
        result = ExportResult(folder=str(target), files=tuple(rendered))
        return tool_result(result, f"Wrote {', '.join(rendered)} to {target}.")


def check_name(folder: str) -> str:
    """Returns the name of an export folder; raises InputError for anything that could lead elsewhere."""
    if not _NAME.fullmatch(folder) or folder.lower() in _DEVICES:
        raise InputError(
            f"{folder[:60]!r} cannot be the name of a folder.", hint="Use up to 60 letters, digits, '-' and '_'."
        )
    return folder
