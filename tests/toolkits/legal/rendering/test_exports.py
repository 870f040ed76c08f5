from pathlib import Path

from typer.testing import CliRunner

from metier.toolkit import Delivery, Settings
from metier_legal.commands.exports import app
from metier_legal.rendering import RENDERERS, render_json
from metier_legal.rendering.document import FILENAME


def test_all_files_of_a_memo_are_written_again_from_its_document(
    delivery: Delivery, settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / FILENAME).write_bytes(render_json(delivery, settings))
    done = CliRunner().invoke(app, [str(tmp_path)])
    assert done.exit_code == 0, done.output
    for renderer in RENDERERS:
        assert (tmp_path / renderer.filename).read_bytes() == renderer.render(delivery, settings)


def test_a_folder_without_a_memo_is_one_clear_error(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, [str(tmp_path)])
    assert done.exit_code != 0
    assert "There is no" in str(done.exception)
