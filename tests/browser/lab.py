"""Real front ends, driven: a student's folder, a Jupyter server in an environment of its own, a headless Chromium, one notebook in it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import sysconfig
import tarfile
import time
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

import nbformat
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, sync_playwright

REPO = Path(__file__).parents[2]
BUILD = REPO / "build" / "browser"
REQUIREMENTS = Path(__file__).with_name("requirements.txt")
EXTENSIONS = ("@jupyter-widgets", "anywidget", "ipylab")  # the front end's halves of what a student's requirements bring
CHROMIUM = Path("/usr/bin/chromium")
AXE = "4.14.1"
TOKEN = "a-fixed-token"
FrontEnd = Literal["lab", "notebook"]
MODULES: dict[FrontEnd, str] = {"lab": "jupyterlab", "notebook": "notebook"}
ADDRESSES: dict[FrontEnd, str] = {"lab": "lab/tree", "notebook": "notebooks"}
SETTINGS = {
    "docmanager-extension/plugin": '{"autosave": false}',  # what is saved, a test has saved
    "notebook-extension/tracker": '{"windowingMode": "none"}',  # else a cell off the screen is no part of the page
    "apputils-extension/notification": '{"fetchNews": "false", "checkForUpdates": false}',
}
MOST_SECONDS = 120  # that anything may take


class Missing(Exception):
    """This machine lacks something; the message says what to install."""


# --- what must be there -------------------------------------------------------------------------------------------------


def chromium() -> Path:
    if not CHROMIUM.exists() and os.geteuid() == 0 and shutil.which("apt-get"):
        install = "apt-get -qq update && apt-get -qq install -y --no-install-recommends chromium fonts-dejavu-core"
        subprocess.run(install, shell=True, capture_output=True, check=False)
    if not CHROMIUM.exists():
        raise Missing(f"{CHROMIUM} is missing and could not be installed: as root, say apt-get install chromium fonts-dejavu-core.")
    return CHROMIUM


def jupyter() -> Path:
    """The Python of an environment with JupyterLab and Notebook on top of this one; made once."""
    folder, site = BUILD / "venv", sysconfig.get_path("purelib")
    python, stamp = folder / "bin" / "python", f"{site}\n{EXTENSIONS}\n{REQUIREMENTS.read_text()}"
    ready = folder / "ready"
    if not ready.exists() or ready.read_text() != stamp:
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
        [own] = folder.glob("lib/python*/site-packages")
        (own / "repository.pth").write_text(f"{site}\n")
        extensions = folder / "share" / "jupyter" / "labextensions"
        extensions.mkdir(parents=True)
        for name in EXTENSIONS:
            (extensions / name).symlink_to(Path(sysconfig.get_path("data")) / "share" / "jupyter" / "labextensions" / name)
        pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--requirement", str(REQUIREMENTS)]
        done = subprocess.run(pip, capture_output=True, text=True, check=False)
        if done.returncode:
            raise Missing(f"What {REQUIREMENTS.name} asks for could not be installed: {done.stderr.strip()[-300:]}")
        ready.write_text(stamp)
    return python


def axe() -> str:
    """The source of axe-core, fetched once; npm looks after its integrity."""
    packed = BUILD / f"axe-core-{AXE}.tgz"
    if not packed.exists():
        BUILD.mkdir(parents=True, exist_ok=True)
        if not shutil.which("npm"):
            raise Missing(f"npm is missing: install it, or put axe-core {AXE} as {packed}.")
        pack = ["npm", "pack", "--loglevel=error", f"axe-core@{AXE}"]
        done = subprocess.run(pack, cwd=BUILD, capture_output=True, text=True, check=False)
        if done.returncode:
            raise Missing(f"npm could not fetch axe-core {AXE}: {done.stderr.strip()[-300:]}")
    with tarfile.open(packed) as opened:
        source = opened.extractfile("package/axe.min.js")
        assert source
        return source.read().decode()


# --- the place ----------------------------------------------------------------------------------------------------------


def student_folder(folder: Path, solved: bool) -> Path:
    """student.zip unpacked; with the answers of the reference, if `solved`. Returns the notebook."""
    with zipfile.ZipFile(REPO / "dist" / "student.zip") as opened:
        opened.extractall(folder)
    [wheel] = folder.glob("*.whl")
    pip = [sys.executable, "-m", "pip", "--python", str(jupyter()), "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--no-deps", "--no-index", "--force-reinstall", str(wheel)], check=True)
    notebook = folder / "vae.ipynb"
    if solved:
        book = nbformat.read(REPO / "reference" / "vae.ipynb", as_version=4)
        for cell in book.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
        nbformat.write(book, notebook)
    return notebook


@contextmanager
def server(front_end: FrontEnd, root: Path, private: Path) -> Iterator[str]:
    """A server of the files in `root`, with settings of its own; its address.

    One for each front end: a server that has both mixes up their fonts, which have the same names.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    for name, content in SETTINGS.items():
        path = private / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    places = {
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "IPYTHONDIR": "ipython",
    }
    strange = ("PYTHONPATH", "AUTOGRADER_ASSIGNMENT", "VIRTUAL_ENV", "OMP_NUM_THREADS")
    own = {name: value for name, value in os.environ.items() if name not in strange and not name.startswith(("JUPYTER", "PYTEST"))}
    own |= {variable: str(private / folder) for variable, folder in places.items()}
    options = {
        "ServerApp.root_dir": root,
        "ServerApp.port": port,
        "ServerApp.port_retries": 0,
        "IdentityProvider.token": TOKEN,
        "LabApp.expose_app_in_browser": True,
        "JupyterNotebookApp.expose_app_in_browser": True,
    }
    command = [str(jupyter()), "-m", MODULES[front_end], "--no-browser", "--allow-root"]
    command += [f"--{option}={value}" for option, value in options.items()]
    log = private / "server.log"
    with log.open("w") as out:
        process = subprocess.Popen(command, env=own, stdout=out, stderr=subprocess.STDOUT)
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(address, process, log)
            yield address
        finally:
            process.terminate()  # and it ends its kernels
            process.wait(MOST_SECONDS)


def _wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + MOST_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            urllib.request.urlopen(f"{address}/api/status?token={TOKEN}").close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"the server did not start: {log.read_text()[-2000:]}")


@contextmanager
def browser() -> Iterator[Browser]:
    path = chromium()
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield opened
        opened.close()


# --- a notebook in a front end ------------------------------------------------------------------------------------------


class Notebook:
    """One notebook, open in JupyterLab or in Notebook 7, in a page of its own."""

    def __init__(self, page: Page, address: str, file: Path, root: Path, front_end: FrontEnd) -> None:
        self.page, self.file, self.name = page, file, file.parent.name
        self.console: list[str] = []
        page.set_default_timeout(MOST_SECONDS * 1000)
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.console.append(f"{error.name}: {error.message}\n{error.stack}"))
        page.goto(f"{address}/{ADDRESSES[front_end]}/{quote(file.relative_to(root).as_posix())}?token={TOKEN}&reset")
        page.wait_for_function("window.jupyterapp?.shell.currentWidget?.content?.widgets?.length > 5")
        page.evaluate(
            """async () => {
                const panel = jupyterapp.shell.currentWidget;
                await jupyterapp.restored; await panel.context.ready; await panel.sessionContext.ready;
                for (const cell of panel.content.widgets) cell.node.dataset.cell = cell.model.id;
            }"""
        )

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.console.append(f"{message.text} ({message.location.get('url', '')})")

    def close(self) -> None:
        """End its kernel and close its page, unsaved."""
        self.page.evaluate("jupyterapp.shell.currentWidget.sessionContext.shutdown()")
        self.page.context.close()

    def command(self, name: str, **arguments: Any) -> None:
        """One of the front end's own commands, to its end."""
        self.page.evaluate("([name, given]) => jupyterapp.commands.execute(name, given).then(() => {})", [name, arguments])

    def run_all(self) -> None:
        self.command("runmenu:run-all")

    def run(self, cell: str) -> None:
        """Click into a cell and press Shift+Enter; returns when it has run."""
        count = self._count(cell)
        self.cell(cell).locator(".cm-content").click()
        self.page.keyboard.press("Shift+Enter")
        self._ran_after(cell, count)

    def type(self, cell: str, source: str) -> None:
        """Put `source` in the place of what stands in a cell, and leave it like that: not run, not saved."""
        self.cell(cell).locator(".cm-content").click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(source)

    def wear(self, theme: str) -> None:
        """Change the theme; a front end covers the page while it does."""
        self.command("apputils:change-theme", theme=theme)
        self.page.wait_for_function(
            "theme => document.body.dataset.jpThemeName === theme && !document.getElementById('jupyterlab-splash')", arg=theme
        )

    def cell(self, id: str) -> Locator:
        return self.page.locator(f'.jp-Cell[data-cell="{id}"]')

    def output(self, cell: str) -> Locator:
        return self.cell(cell).locator(".jp-OutputArea-output")

    def shown(self, cell: str) -> str:
        """The output of a cell as a reader sees it."""
        return "\n".join(self.output(cell).all_inner_texts())

    @property
    def cells(self) -> list[Any]:
        """The notebook as the front end has it now."""
        source = self.page.evaluate("JSON.stringify(jupyterapp.shell.currentWidget.context.model.toJSON())")
        return list(nbformat.reads(source, as_version=4).cells)

    @property
    def code(self) -> list[Any]:
        return [cell for cell in self.cells if cell.cell_type == "code"]

    def unroll(self) -> None:
        """Make the page so long that all of the notebook is on it: axe judges, and a picture shows, what can be seen."""
        height = self.page.evaluate("document.querySelector('.jp-WindowedPanel-viewport').scrollHeight")
        self.page.set_viewport_size({"width": 1280, "height": height + 1000})
        self.page.add_style_tag(content="html, body { height: 100% }")  # else axe takes the page for an empty box that cuts all off
        self.page.wait_for_function("height => document.querySelector('.jp-WindowedPanel-outer').clientHeight > height", arg=height)
        self.page.evaluate("document.querySelector('.jp-WindowedPanel-outer').scrollTop = 0")

    def photograph(self, name: str) -> None:
        """A picture of the whole notebook for a person to look at."""
        self.page.locator(".jp-WindowedPanel-viewport").screenshot(path=BUILD / f"{name}.png")

    def axe(self, part: dict[str, Any]) -> dict[str, Any]:
        """What axe-core finds in a part of the page."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(axe())
        found: dict[str, Any] = self.page.evaluate("part => axe.run(part, {resultTypes: ['violations', 'passes']})", part)
        return found

    def _count(self, cell: str) -> int:
        return next(found.execution_count or 0 for found in self.cells if found.id == cell)

    def _ran_after(self, cell: str, count: int) -> None:
        self.page.wait_for_function(
            """([id, count]) => {
                const cell = jupyterapp.shell.currentWidget.content.widgets.find(cell => cell.model.id === id);
                return cell.model.executionState === 'idle' && cell.model.executionCount > count;
            }""",
            arg=[cell, count],
        )
