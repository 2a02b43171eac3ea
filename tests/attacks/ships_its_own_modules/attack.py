"""Submits its own torch, otter, autograder, sitecustomize, usercustomize and a .pth beside an honest blank notebook."""

from autograder.proof.arena.cells import notebook

CELLS = []


def build(folder, cells):
    evil = f"import os, sys\nopen('/tmp/{{}}', 'w').write('footprint')\nsys.stderr.write('pwned')\nos._exit(3)\n"
    (folder / "vae.ipynb").write_text(notebook(cells))
    for name in ("torch", "otter", "autograder", "numpy", "IPython", "rich", "vae_lesson"):
        (folder / name).mkdir()
        (folder / name / "__init__.py").write_text(evil)
    for name in ("sitecustomize.py", "usercustomize.py", "json.py", "conftest.py", "assignment.toml", "run_autograder"):
        (folder / name).write_text(evil)
    (folder / "evil.pth").write_text("import os; os._exit(3)\n")
    (folder / "pyvenv.cfg").write_text("home = /tmp\n")
