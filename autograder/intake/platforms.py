"""How platforms name what they let be downloaded, and whose each of the files is then."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from autograder.intake.graded import HandedIn, Student
from autograder.intake.unpacked import members
from autograder.submissions.handed_in import may_be_one

METADATA = "submission_metadata.yml"
# After the name, which may have any of it.
CANVAS = re.compile(r"(?=_(?:(?P<late>LATE)_)?(?P<user>\d+)_(?P<attachment>\d+)_(?P<file>.+))")
ANONYMOUS = re.compile(r"(?:(?P<late>LATE)_)?(?P<name>anon)_(?P<user>[1-9A-Za-z]{5})_(?P<attachment>\d+)_(?P<file>.+)")
# In place of a file.
TYPED = re.compile(
    r"(?:(?P<first>LATE)_)?(?P<name>.+?)_(?:(?P<late>LATE)_)?(?P<user>\d+|[1-9A-Za-z]{5})_(?P<file>(?:text|link)\.html)"
)
EXPORTED = re.compile(r"_\d{4}_\d\d_\d\dT")  # a notebook's own export, by its date
COPY = re.compile(r"(?:[ -]*\(\d+\)|-Copy\d+| copy(?: \d+)?)(?=\.\w+$)")  # as browsers, Jupyter and desktops name one
MOODLE = re.compile(r"(?P<name>.+?)_(?P<user>\d+)_assignsubmission_(?P<kind>file|onlinetext)_?(?P<file>.*)")
NAMELESS = "nameless"  # whose name has but marks, which Canvas leaves out
NEAR = 2  # digits
NO_SUBMISSION = "it is no notebook and no zip"

Said = Mapping[str, str]  # what a file's name says: of whom it is, and which of theirs


def names_in(path: Path) -> list[PurePosixPath]:
    """Of all that is in a zip or, one level deep, in a folder."""
    if path.is_dir():
        return [PurePosixPath(child.name) for child in seen(path)]
    return [PurePosixPath(one.filename) for one in members(path)]


def is_marked(path: Path, of_several: bool = False) -> bool:
    """Whether a folder or a zip is a platform's download; `of_several`: with the submissions of two or more."""
    if path.is_symlink() or not (path.is_dir() or path.suffix.lower() == ".zip"):
        return False
    names = names_in(path)
    files = (
        [Path(child.name) for child in seen(path) if not child.is_dir()] if path.is_dir() else [Path(name.name) for name in names]
    )
    whose: set[str] = {match["user"] for name in names for part in name.parts if (match := MOODLE.fullmatch(part))}
    whose |= {said["user"] for said in canvas_files(files).values()}
    if any(name.name == METADATA for name in names):
        whose |= {part for name in names for part in name.parts[-2:] if part.startswith("submission_") and part != METADATA}
        return len(whose) > 1 or not of_several
    return len(whose) > of_several


def canvas_files(files: list[Path]) -> dict[Path, Said]:
    """The files that Canvas named. It gives each attachment a number of its own, and a user one name: else somebody named them so.

    The same attachment may lie there twice, as a browser or Jupyter copies it.
    """
    read = {path: ways for path in files if (ways := list(_as_canvas_says(composed(path.name))))}
    certain = [ways[0] for ways in read.values() if len(ways) == 1]
    found = {path: _likeliest(ways, certain) for path, ways in read.items()}
    if not certain:  # the first numbers are Canvas's, unless they are of groups that are called by numbers
        other = {path: min(ways, key=lambda said: bool(re.match(r"\d+_", said["file"]))) for path, ways in read.items()}
        ways_of_all = [said for said in (found, other) if _may_be_canvass(said)]
        found = next(filter(_names_differ, ways_of_all), ways_of_all[0] if ways_of_all else {})
    if not _may_be_canvass(found):
        return {}
    typed = dict(_typed(path for path in files if path not in read))
    return dict(sorted((found | typed).items()))


def _may_be_canvass(found: Mapping[Path, Said]) -> bool:
    """It gives a user one name, and an attachment one; a group's may be attached for each member."""
    names: dict[str, set[str]] = {}
    for said in found.values():
        names.setdefault(f"user {said['user']}", set()).add(said["name"])
        names.setdefault(f"attachment {said['attachment']}", set()).add(COPY.sub("", said["file"]))
    return bool(found) and all(len(theirs) == 1 for theirs in names.values())


def _names_differ(found: Mapping[Path, Said]) -> bool:
    return len({said["name"] for said in found.values()}) == len({said["user"] for said in found.values()})


def _typed(files: Iterable[Path]) -> Iterator[tuple[Path, Said]]:
    """What Canvas made of a text or a link that was typed in where a file was asked for: it still tells who handed something in."""
    for path in files:
        said = match.groupdict(default="") if (match := TYPED.fullmatch(composed(path.name))) else {}
        if said and (said["user"].isdecimal() or said["name"] == "anon"):
            yield path, said | {"late": said["late"] or said["first"], "attachment": "0"}


def _as_canvas_says(name: str) -> Iterator[Said]:
    """The ways to read a name as one that Canvas gave: users, groups and their files may be called by numbers, too."""
    if match := ANONYMOUS.fullmatch(name):
        yield match.groupdict(default="")
        return
    for match in CANVAS.finditer(name):
        before = name[: match.start()]
        if not before.endswith("_LATE") and not EXPORTED.search(before) and not EXPORTED.match(name, match.start()):
            yield {"name": before or NAMELESS} | match.groupdict(default="")


def _likeliest(ways: list[Said], certain: list[Said]) -> Said:
    """The way to read a name that agrees with what is certain and whose numbers are as long as others; of several the first.

    What comes after is a file's name, which a student chooses: it must not say whose the file is. Nor may what comes before, the name of a
    group: where it could, that is told.
    """
    names = {said["user"]: said["name"] for said in certain}
    agreeing = [said for said in ways if names.get(said["user"], said["name"]) == said["name"]] or ways
    known = [said for said in agreeing if said["user"] in names]
    near = [said for said in agreeing if _unlike(said, certain) <= NEAR]
    taken = (known or near or [min(agreeing, key=lambda said: _unlike(said, certain))])[0]
    others = [said for said in (*near, *(ways[:1] if not known else ())) if said["user"] != taken["user"]]
    if not certain or not others:
        return taken
    as_others = " or ".join(dict.fromkeys(f"{said['name']}'s ({said['user']})" for said in others))
    return {**taken, "doubt": f"it is taken for {taken['name']}'s ({taken['user']}), and may be {as_others}: see whose it is"}


def _unlike(said: Said, certain: list[Said]) -> float:
    """By how many digits its numbers are longer or shorter than usual in the download."""
    unlike = 0.0
    for number in ("user", "attachment"):
        lengths = sorted(len(one[number]) for one in certain)
        unlike += abs(len(said[number]) - lengths[len(lengths) // 2]) if lengths else 0
    return unlike


def gradescope(folder: Path, skipped: list[tuple[str, str]]) -> Iterator[HandedIn]:
    import yaml

    try:
        # All is text, and a tag of Ruby's is nothing: a number that begins with zeros is no number to base 8.
        said = yaml.load((folder / METADATA).read_text(encoding="utf-8-sig"), getattr(yaml, "CBaseLoader", yaml.BaseLoader))
    except (OSError, ValueError, yaml.YAMLError) as error:
        skipped.append((METADATA, f"it cannot be read, so nobody's name is known ({' '.join(str(error).split())[:120]})"))
        return
    known: dict[str, Any] = said if isinstance(said, dict) else {}
    for id, facts in known.items():
        facts = facts if isinstance(facts, dict) else {}
        if not (folder / str(id)).is_dir():
            skipped.append((str(id), f"{METADATA} names it, and there is no such folder"))
            continue
        submitters = [one for one in facts.get(":submitters") or [] if isinstance(one, dict)]
        students = tuple(Student(_text(one, ":name"), _text(one, ":sid"), _text(one, ":email")) for one in submitters)
        yield HandedIn(folder / str(id), str(id), students, "gradescope", submitted=_text(facts, ":created_at"))
    for child in sorted(folder.iterdir()):
        if child.is_dir() and child.name not in known and not child.name.startswith((".", "__")):
            skipped.append((child.name, f"{METADATA} does not name it"))


def canvas(found: dict[Path, Said], skipped: list[tuple[str, str]]) -> Iterator[HandedIn]:
    """Of a student who attached several notebooks the last one; Canvas numbers attachments as they come."""
    for theirs in _by_user(found).values():
        path = max(
            theirs, key=lambda path: (not found[path].get("doubt"), _worth(path), int(found[path]["attachment"]), -len(path.name))
        )
        said = found[path]
        user = "" if said["name"] == "anon" else said["user"]  # of an anonymous one the number is nobody's
        yield HandedIn(
            path,
            _name(said),
            (Student(_name(said), platform_id=user),),
            "canvas",
            late=bool(said["late"]),
            doubt=said.get("doubt", ""),
        )
        for other in theirs:
            if other != path:
                twin = found[other]["attachment"] == said["attachment"]
                why = found[other].get("doubt") or _passed_over(other, path, said["name"])
                skipped.append((other.name, f"it is a copy of {path.name}" if twin else why))


def moodle(found: dict[Path, Said], skipped: list[tuple[str, str]]) -> Iterator[HandedIn]:
    """Moodle makes a folder a participant, or a file each: it numbers none, so of several notebooks the newest is taken.

    A text that was typed in is taken where there is no file: it still tells who handed something in.
    """
    texts = {path for path, match in found.items() if match["kind"] == "onlinetext"}
    for theirs in _by_user(found).values():
        files = [path for path in theirs if path not in texts]
        path = max(files or theirs, key=lambda path: (_worth(path), path.stat().st_mtime, path.name))
        match = found[path]
        yield HandedIn(path, match["name"], (Student(match["name"], platform_id=match["user"]),), "moodle")
        for other in theirs:
            if other != path:
                typed = "it is a text that was typed in, no file"
                skipped.append((other.name, typed if other in texts else _passed_over(other, path, match["name"])))


def _by_user(found: dict[Path, Said]) -> dict[str, list[Path]]:
    of_user: dict[str, list[Path]] = {}
    for path, match in found.items():
        of_user.setdefault(match["user"], []).append(path)
    return of_user


def _name(said: Said) -> str:
    return f"{said['name']} {said['user']}" if said["name"] == "anon" else said["name"]


def _worth(path: Path) -> int:
    """A notebook or a folder before a zip, and anything that may be graded before what cannot, which still tells who handed it in."""
    return 0 if not (path.is_dir() or is_candidate(path)) else 1 if path.suffix.lower() == ".zip" else 2


def _passed_over(other: Path, taken: Path, name: str) -> str:
    if not (other.is_dir() or is_candidate(other)):
        return NO_SUBMISSION
    return f"{name} attached another{' later' if _worth(other) == _worth(taken) else ''}: {taken.name}"


def seen(folder: Path) -> list[Path]:
    return sorted(child for child in folder.iterdir() if not child.name.startswith((".", "__")))


def _text(facts: dict[str, Any], name: str) -> str:
    said = facts.get(name)
    return said if isinstance(said, str) and said not in ("null", "~") else ""


def composed(name: str) -> str:
    """As most systems write it; macOS takes accents off their letters, so that one name may come in two ways."""
    return unicodedata.normalize("NFC", name)


def is_candidate(path: Path) -> bool:
    return may_be_one(path.name) and ".ipynb_checkpoints" not in path.parts
