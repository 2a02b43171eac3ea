"""The real setup.sh and run_autograder in a system that has nothing: a fresh Debian in a folder, entered with chroot.

    python tests/fresh_system.py                 after `make build`; takes minutes and 3 GB of temporary disk
    python tests/fresh_system.py --system DIR    the same in a copy of another system's root folder, say of an Ubuntu image

It is the platform's own life of an image (autograder/proof/local_gradescope.py): build once, then grade. Where this machine installs Python
packages from folders of its own, those are mapped in, for setup.sh itself knows no place but the usual ones. All mounts belong to
a namespace that ends with the command. Without root, debootstrap or the right to mount, it says so and passes.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
REPO = HERE.parent
PROOF = ("__init__", "local_gradescope", "memory_group")
PLATFORM = ("autograder/__init__.py", *(f"autograder/proof/{name}.py" for name in PROOF))  # needs no other module, and no torch
SUITE = "bookworm"
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
HARNESS = Path("harness")  # in the fresh system, beside /autograder


class Impossible(Exception):
    """This machine cannot do it; the message says why."""


def main() -> int:
    arguments = parse()
    if arguments.inside:
        return inside()
    for path in (arguments.package, arguments.solved, arguments.template):
        if not path.exists():
            print(f"There is no {path}: run `make build` first.", file=sys.stderr)
            return 2
    with tempfile.TemporaryDirectory(prefix="fresh-system-") as folder:
        system = Path(folder) / "root"
        try:
            require_rights()
            make_system(system, arguments.system)
        except Impossible as why:
            print(f"0 passed, 0 failed, 1 skipped\nSkipped: {why}.")
            return 0
        (system / HARNESS).mkdir()
        for name, path in {
            "autograder.zip": arguments.package,
            "solved.ipynb": arguments.solved,
            "template.ipynb": arguments.template,
            "fresh_system.py": Path(__file__),
            **{name: REPO / name for name in PLATFORM},
        }.items():
            (system / HARNESS / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, system / HARNESS / name)
        return enter(system)


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--system", type=Path, metavar="DIR", help="copy this root folder instead of making a Debian")
    parser.add_argument("--package", type=Path, default=REPO / "dist" / "autograder.zip")
    parser.add_argument("--solved", type=Path, default=REPO / "reference" / "vae.ipynb")
    parser.add_argument("--template", type=Path, default=REPO / "student_template" / "vae.ipynb")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


# --- outside ------------------------------------------------------------------------------------------------------------


def require_rights() -> None:
    if os.geteuid() != 0:
        raise Impossible("only root can enter another system")
    if subprocess.run(["unshare", "--mount", "--pid", "--fork", "true"], capture_output=True, check=False).returncode:
        raise Impossible("mounts in a namespace of their own are not allowed here")


def make_system(system: Path, model: Path | None) -> None:
    if model:
        subprocess.run(["cp", "-a", "--reflink=auto", model, system], check=True)
        return
    if not shutil.which("debootstrap"):
        subprocess.run("apt-get -qq update && apt-get -qq install -y debootstrap", shell=True, capture_output=True, check=False)
    if not shutil.which("debootstrap"):
        raise Impossible("debootstrap is not installed, and cannot be")
    print(f"Making a fresh {SUITE}…", flush=True)
    made = subprocess.run(
        ["debootstrap", "--variant=minbase", "--include=ca-certificates,python3", SUITE, system, *mirror()],
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        raise Impossible(f"debootstrap failed: {made.stdout.strip()[-300:]}")


def mirror() -> list[str]:
    """Where this machine gets Debian's packages, if it says so."""
    for path in (Path("/etc/apt/sources.list.d/debian.sources"), Path("/etc/apt/sources.list")):
        for line in path.read_text().splitlines() if path.exists() else []:
            words = line.split()
            if len(words) > 1 and words[0] in ("URIs:", "deb"):
                return [words[1]]
    return []


def enter(system: Path) -> int:
    """Run the platform in the fresh system; mounts and processes end with it."""
    for name in ("resolv.conf", "hosts"):
        shutil.copy(Path("/etc") / name, system / "etc" / name)
    environment = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "LANG": "C.UTF-8"}
    if CERTIFICATES.exists():
        (system / CERTIFICATES.relative_to("/")).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(CERTIFICATES, system / HARNESS / "certificates.crt")
        bundle = str(Path("/") / HARNESS / "certificates.crt")
        environment |= {"PIP_CERT": bundle, "SSL_CERT_FILE": bundle}
    mounts = ["mount --make-rprivate /", "mount -t proc proc proc", "mount --rbind /sys sys"]
    for folder in wheel_folders():
        inside = system / folder.relative_to("/")
        inside.mkdir(parents=True, exist_ok=True)
        mounts += [f"mount --bind {folder} .{folder}", f"mount -o remount,bind,ro .{folder}"]
        environment |= {"PIP_FIND_LINKS": str(folder), "UV_FIND_LINKS": str(folder)}
    script = " && ".join([*mounts, f"exec chroot . python3 /{HARNESS}/fresh_system.py --inside"])
    command = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", script]
    return subprocess.run(command, cwd=system, env=environment, check=False).returncode


def wheel_folders() -> list[Path]:
    """Folders of wheels that pip is set up to use on this machine."""
    said = subprocess.run([sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False).stdout
    found = [line.partition("=")[2].strip("'\"") for line in said.splitlines() if "find-links" in line]
    return [Path(folder) for folder in dict.fromkeys(found) if folder.startswith("/") and Path(folder).is_dir()]


# --- inside -------------------------------------------------------------------------------------------------------------


def inside() -> int:
    """Build the image and grade in it; print what was seen, fail at the first thing that is not as it must be."""
    from autograder.proof.local_gradescope import SECRETS, Gradescope

    folder = Path("/") / HARNESS
    before = packages()
    platform = Gradescope(folder / "autograder.zip", Path("/autograder"))

    offline = ["unshare", "--net", "bash", str(platform.root / "source" / "setup.sh")]
    failed = subprocess.run(offline, env=os.environ | {"RETRY_SECONDS": "0"}, capture_output=True, text=True, check=False)
    expect(failed.returncode != 0 and "ERROR: " in failed.stderr, f"without a network: {failed.stderr.strip().splitlines()[-1]}")

    started = time.monotonic()
    platform.setup(os.environ)
    print(f"ok   setup.sh, in {time.monotonic() - started:.0f} s")
    changed = {name for name, version in packages().items() if before.get(name, version) != version}
    expect(not changed, f"the system's own packages stay as they are ({', '.join(sorted(changed)) or 'none changed'})")
    expect(not list(Path("/usr/local/lib").glob("python3*/*-packages/*")), "nothing is installed beside the system's Python")

    for name, share in (("solved", 1), ("template", 0)):
        run = platform.grade({f"{name}.ipynb": (folder / f"{name}.ipynb").read_bytes()}, memory_mb=768)
        expect(run.results is not None and not run.lost, f"{name}: the platform takes the results {run.lost}")
        assert run.results
        possible = sum(test["max_score"] for test in run.results["tests"])
        expect(run.score == share * possible > -1 and possible > 0, f"{name}: {run.score:g} of {possible:g}")
        confinement = run.results["extra_data"]["confinement"]
        missing = {layer: said for layer, said in confinement.items() if said.startswith(("unavailable", "POSSIBLE"))}
        expect(missing.keys() <= {"landlock"}, f"{name}: confined; not to be had: {json.dumps(missing) if missing else 'nothing'}")
        expect(not any(secret in run.everything for secret in SECRETS), f"{name}: no token, name or earlier result comes out")
        memory = f"{run.peak_bytes >> 20} MB with the page cache" if run.peak_bytes else "memory not limited: no cgroup to be had"
        print(f"     {run.seconds:.1f} s, {memory}, {run.killed_for_memory} killed for memory")
    print("1 passed, 0 failed")
    return 0


def packages() -> dict[str, str]:
    listed = subprocess.run(["dpkg-query", "--show"], capture_output=True, text=True, check=True).stdout
    return dict(line.split("\t") for line in listed.splitlines())


def expect(fact: bool, what: str) -> None:
    print(f"{'ok  ' if fact else 'FAIL'} {what}", flush=True)
    if not fact:
        print("0 passed, 1 failed")
        sys.exit(1)


if __name__ == "__main__":
    sys.exit(main())
