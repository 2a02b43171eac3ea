"""The reference notebook, executed: its outputs are all of a build that depends on the machine it was built on.

They are kept as long as what the notebook runs is unchanged; the notebook's metadata says from what they were made.
"""

from __future__ import annotations

import base64
import copy
import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import nbformat

from autograder import REPO
from autograder.pieces import archive

Node = Any  # nbformat's nodes are dicts with attributes


def run(notebook: Node, files: Mapping[str, bytes]) -> Node:
    """Run the notebook among `files`, top to bottom; an error in a cell is an error of the build."""
    from nbclient import NotebookClient

    notebook = copy.deepcopy(notebook)
    with tempfile.TemporaryDirectory() as folder:
        archive.write_folder(Path(folder), files)
        environment = {name: value for name, value in os.environ.items() if name != "AUTOGRADER_ASSIGNMENT"}
        environment["PYTHONPATH"] = str(REPO)  # where the program lies; students install its wheel
        client = NotebookClient(
            notebook,
            timeout=600,
            record_timing=False,
            store_widget_state=False,
            coalesce_streams=True,
            extra_arguments=["--log-level=ERROR"],
            resources={"metadata": {"path": folder}},
        )
        # One thread: sums are then taken in one order, however many cores there are; for models this small it is faster too.
        client.execute(env=environment | {"PYTHONHASHSEED": "0", "MPLBACKEND": "agg", "OMP_NUM_THREADS": "1"})
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [] if cell.id == "export" else list(_without_time(cell.outputs))
    return notebook


def _without_time(outputs: list[Node]) -> Iterator[Node]:
    """Outputs without what differs at every run: progress bars, which say how long they took."""
    for output in outputs:
        if "application/vnd.jupyter.widget-view+json" in output.get("data", {}):
            continue
        if output.output_type == "stream":
            output.text = re.sub(r"[^\n]*\r(?!\n)", "", output.text)
            output.text = re.sub(r"(\d+/\d+) \[\d+:\d+<[^\]]*\]", r"\1", output.text)
            if not output.text.strip():
                continue
        yield output


def with_outputs(notebook: Node, executed: Node, made_from: str) -> Node:
    """The notebook with the outputs of `executed` and word of what they were made from."""
    notebook = copy.deepcopy(notebook)
    outputs = {cell.id: cell for cell in executed.cells}
    for cell in notebook.cells:
        if cell.cell_type == "code" and cell.id in outputs:
            cell.outputs = outputs[cell.id].outputs
            cell.execution_count = outputs[cell.id].execution_count
    notebook.metadata["made_from"] = made_from
    return notebook


def kept(path: Path, made_from: str) -> Node | None:
    """The executed notebook at `path`, if its outputs were made from what would run today."""
    if not path.exists():
        return None
    notebook = nbformat.read(path, as_version=4)
    return notebook if notebook.metadata.get("made_from") == made_from else None


def kinds(notebook: Node) -> list[tuple[str, list[tuple[str, list[str]]]]]:
    """Of each cell the kinds of its outputs: what can be compared between machines."""
    return [
        (cell.id, [(output.output_type, sorted(output.get("data", {}))) for output in cell.outputs])
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]


def pictures(notebook: Node) -> dict[str, bytes]:
    """The notebook's plots as PNG files, each by the name of the function of `plots`, `diagrams` or `touch` that drew it."""
    found = {}
    for cell in notebook.cells:
        drawn = re.search(r"\b(?:plots|diagrams|touch)\.(\w+)\(", cell.source) if cell.cell_type == "code" else None
        for output in cell.get("outputs", ()) if drawn else ():
            png = re.search(r'src="data:image/png;base64,([^"]+)"', output.get("data", {}).get("text/html", ""))
            if drawn and png:
                found[drawn[1]] = base64.b64decode(png[1])
    return found
