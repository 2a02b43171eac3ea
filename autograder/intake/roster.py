"""A course's roster, as Gradescope, Canvas or Moodle export it or somebody typed it: whose a submission is, by id, email or name.

    Gradescope   First Name, Last Name, SID, Email, Role, Section (or Name, Sections)
    Canvas       Student ("Lopez, Ana"), ID, SIS User ID, SIS Login ID, Section
    Moodle       First name, Surname, ID number, Email address, Groups
    groups       name, canvas_user_id, user_id, login_id, sections, group_name: Canvas's People → Groups, by which a group's members are known

Columns are known by their names, in any order; other columns are passed over. A name that two share matches nobody.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from autograder.intake.graded import HandedIn, Source, Student

COLUMNS = {  # what each holds: the names that it goes by, without anything but letters
    "first": ("firstname", "givenname", "forename"),
    "last": ("lastname", "surname", "familyname"),
    "name": ("name", "student", "fullname", "studentname"),
    "sid": ("sid", "studentid", "sisuserid", "idnumber", "studentnumber", "sisid"),
    "id": ("id", "canvasuserid", "userid"),
    "email": ("email", "emailaddress", "mail", "sisloginid", "loginid"),
    "section": ("section", "sections", "sectionname"),
    "group": ("group", "groups", "groupname"),
    "role": ("role",),
}
WHO = ("name", "first", "last", "sid", "id", "email")
STAFF = ("instructor", "ta", "teacher", "reader", "staff", "observer")
NOBODY = ("", "points possible", "student, test")  # lines of Canvas's
SCORES = re.compile(r"\(\d+\)\s*$")  # how Canvas calls the column of an assignment: its name, which may be any, and its number
SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
MARKS = (b"\xff\xfe", b"\xfe\xff")
NAMED = 20  # in a list


FORMULA = re.compile(r'^="(.*)"$')  # how spreadsheets keep a number's zeros: ="0007"


class Broken(Exception):
    """The roster cannot be used; the message says what was expected, what came, and what to do."""


@dataclass
class Roster:
    """The students of a course, and who of them was found."""

    students: list[Student]
    strangers: list[str] = field(default_factory=list)  # submissions that match nobody
    matched: int = 0
    groups: dict[str, list[Student]] = field(default_factory=dict)  # the members, by the group's name
    by_canvas: bool = False  # its platform's numbers are Canvas's

    def __post_init__(self) -> None:
        self._claims: dict[int, list[str]] = {}  # who was taken for the student at this place of the list
        self._places: dict[str, set[int]] = {}
        for place, student in enumerate(self.students):
            for key in _keys(student):
                self._places.setdefault(key, set()).add(place)

    def applied(self, handed_in: Iterable[HandedIn]) -> list[HandedIn]:
        """The submissions, with what the roster says of their students. What their folders are called stays."""
        return [self._known(one) for one in handed_in]

    @property
    def absent(self) -> list[str]:
        return [student.name or student.sid or student.email for i, student in enumerate(self.students) if i not in self._claims]

    def told(self) -> str:
        """Who was found, who was not, and who handed nothing in."""
        whole = self.matched + len(self.strangers)
        lines = [f"The roster names {len(self.students)} students, and knows {self.matched} of {whole} who handed in."]
        lines += [f"  not on the roster: {_listed(self.strangers)}"] if self.strangers else []
        lines += [f"  handed nothing in: {_listed(self.absent)}"] if self.absent else []
        twice = [names[0] for names in self._claims.values() if len(names) > 1]
        lines += [f"  more than one submission is taken for the same student: {_listed(twice)}"] if twice else []
        return "\n".join(lines)

    def _known(self, one: HandedIn) -> HandedIn:
        asked = self._members(one) or one.students or (Student(one.name),)
        found = [self._of(student, one.source) for student in asked]
        self.matched += sum(theirs is not None for theirs in found)
        self.strangers += [student.name or one.name for student, theirs in zip(asked, found, strict=True) if theirs is None]
        if not any(found):
            return one
        return replace(one, students=tuple(_joined(a, b) if b else a for a, b in zip(asked, found, strict=True)))

    def _members(self, one: HandedIn) -> tuple[Student, ...]:
        """Of the group that handed in on Canvas, which says its name without marks, and the number of a member.

        Students name their groups: what is called like a student is that student's, and of groups that are called alike it is none's.
        """
        if one.source != "canvas":
            return ()
        (handed,) = one.students
        if any(self._places.get(key) for key in _keys(Student(handed.name))):
            return ()
        called = [members for name, members in self.groups.items() if _together(name) == _together(handed.name)]
        owner = [self.students[place] for place in self._places.get(f"platform {handed.platform_id}", ())]
        theirs = [members for members in called if not owner or owner[0] in members]
        return tuple(theirs[0]) if len(theirs) == 1 else ()

    def _of(self, student: Student, source: Source) -> Student | None:
        """By what is surest: the first that one alone has.

        Canvas's number is asked of a roster that says Canvas's; Moodle's is of a participant in one activity, and on none.
        """
        for key in _keys(student if source == "canvas" and self.by_canvas else replace(student, platform_id="")):
            places = self._places.get(key, set())
            if len(places) == 1 and not self._is_another(student, self.students[place := next(iter(places))], source):
                self._claims.setdefault(place, []).append(student.name or student.sid or student.email)
                return self.students[place]
        return None

    def _is_another(self, handed: Student, listed: Student, source: Source) -> bool:
        """Whether a number says so, however alike the names are."""
        numbers = [(handed.sid, listed.sid)]
        if source == "canvas" and self.by_canvas:
            numbers.append((handed.platform_id, listed.platform_id))
        return any(one and other and one != other for one, other in numbers)


def read(path: Path) -> Roster:
    """Raises Broken."""
    rows = list(_rows(path))
    header = ["" if SCORES.search(cell) else _letters(cell) for cell in rows[0]] if rows else []
    where = {what: [i for i, cell in enumerate(header) if cell in names] for what, names in COLUMNS.items()}
    by_canvas = any(name in header for name in ("canvasuserid", "sisuserid", "sisloginid"))
    if "canvasuserid" in header:  # then a user_id beside it is the institution's
        where["sid"] += [i for i in where["id"] if header[i] == "userid"]
        where["id"] = [i for i in where["id"] if header[i] != "userid"]
    if not any(where[what] for what in WHO):
        came = ", ".join(cell.strip() for cell in rows[0])[:200] if rows else "nothing"
        raise Broken(
            f"{path.name} is no roster that can be read: expected a first line with columns such as Name, SID, Email and Section; "
            f"its first line is: {came}. Export the roster as CSV again, or name its columns so."
        )
    students: dict[object, Student] = {}
    groups: dict[str, dict[object, None]] = {}
    for line, row in enumerate(rows[1:], 2):
        student = _student(row, where, by_canvas)
        if student is None:
            continue
        key: object = student.sid or student.platform_id or student.email.casefold() or line
        known = students.get(key)
        if known and _words(known.name) != _words(student.name):
            raise Broken(
                f"{path.name} has two students of the same id, {key}: {known.name} and, in line {line}, {student.name}. "
                "Mend that line; nothing was graded."
            )
        both = dict.fromkeys(filter(None, f"{known.section}, {student.section}".split(", "))) if known else {}
        students[key] = replace(student, section=", ".join(both)) if both else student
        for i in where["group"]:
            cell = row[i].strip() if i < len(row) else ""
            for name in filter(None, map(str.strip, cell.split(",") if header[i] == "groups" else [cell])):
                groups.setdefault(name, {})[key] = None
    if not students:
        raise Broken(f"{path.name} names no students: expected a line for each below the first. Export the roster again.")
    members = {name: [students[key] for key in keys] for name, keys in groups.items()}
    return Roster(list(students.values()), groups=members, by_canvas=by_canvas)


def _rows(path: Path) -> Iterator[list[str]]:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Broken(f"The roster {path} cannot be read ({error.strerror}). Give a CSV file with --roster.") from None
    if content.startswith(SPREADSHEETS):
        raise Broken(f"{path.name} is a spreadsheet, not CSV. Open it, save it as CSV, and give that.")
    try:
        wide = b"\0" in content[:200]  # UTF-16, with a mark or without
        text = content.decode(
            ("utf-16" if content[:2] in MARKS else "utf-16-be" if content[:1] == b"\0" else "utf-16-le") if wide else "utf-8-sig"
        )
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")  # what older spreadsheets write
    first = next((line for line in text.splitlines() if line.strip()), "")
    comma = max(",;\t", key=first.count)
    if text.count('"') % 2:
        raise Broken(
            f'{path.name} has a quotation mark (") that is opened and never closed, or the other way round. Mend it, or export the roster again.'
        )
    try:
        rows = csv.reader(io.StringIO(text.lstrip("\r\n"), newline=""), delimiter=comma)
        yield from ([FORMULA.sub(r"\1", cell) for cell in row] for row in rows if any(map(str.strip, row)))
    except csv.Error as error:
        raise Broken(f"{path.name} cannot be read as CSV ({error}). Export the roster again.") from None


def _student(row: list[str], where: dict[str, list[int]], by_canvas: bool) -> Student | None:
    """Nobody where the line is staff's, or is no person's, as Canvas's line of points."""

    def of(what: str) -> list[str]:
        return list(dict.fromkeys(row[i].strip() for i in where[what] if i < len(row) and row[i].strip()))

    name = next(iter(of("name")), "") or " ".join((*of("first"), *of("last")))
    sid, id, email = (next(iter(of(what)), "") for what in ("sid", "id", "email"))
    email = next((one for one in of("email") if "@" in one), email)
    unnamed = name.casefold() in NOBODY and (by_canvas or not (sid or id or email))
    if unnamed or any(role.casefold() in STAFF for role in of("role")):
        return None
    if not where["sid"] and not by_canvas:  # then an id is the institution's; beside one it is the platform's
        sid, id = id, ""
    return Student(_turned(name), sid, email, id, ", ".join(dict.fromkeys(of("section") + of("group"))))


def _keys(student: Student) -> Iterator[str]:
    """What tells a student, the surest first; a submission's file may be called by any of it."""
    for kind, said in (("id", student.sid), ("platform", student.platform_id), ("mail", student.email.casefold())):
        if said:
            yield f"{kind} {said}"
    name = student.name.strip()
    yield from (f"id {name}", f"mail {name.casefold()}") if name else ()
    if words := _words(name):
        yield f"name {' '.join(sorted(words))}"
        for i in range(len(words)):  # Canvas: lopezana, garcialopezmaria
            yield f"joined {''.join(words[i:] + words[:i])}"


def _joined(handed: Student, listed: Student) -> Student:
    """What the roster says, and else what the platform did."""
    return Student(
        listed.name or handed.name,
        listed.sid or handed.sid,
        listed.email or handed.email,
        handed.platform_id or listed.platform_id,
        listed.section or handed.section,
    )


def _turned(name: str) -> str:
    last, comma, first = name.partition(",")
    return f"{first.strip()} {last.strip()}" if comma and first.strip() else name


def _together(name: str) -> str:
    return "".join(_words(name))


def _words(name: str) -> list[str]:
    """Without case, accents and marks; what some scripts write vowels with is no accent."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    kept = (c for c in plain if not unicodedata.combining(c))
    return "".join(c if c.isalnum() or unicodedata.category(c).startswith("M") else " " for c in kept).split()


def _letters(cell: str) -> str:
    return re.sub(r"[^a-z]", "", cell.casefold())


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more
