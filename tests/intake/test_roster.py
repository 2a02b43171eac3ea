"""A roster says whose submissions are whose: rosters as platforms export them, as people type them, and as nobody should."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autograder.course import terminal
from autograder.intake.graded import HandedIn, Student
from autograder.intake.roster import Broken, read
from tests.course.test_terminal import FakeSession, report

GRADESCOPE = """\
First Name,Last Name,SID,Email,Role,Section
Ana,López,2026001,ana@x.edu,Student,Mon 9
Ben,Ng,2026002,ben@x.edu,Student,Tue 2
Tea,Cher,,tea@x.edu,Instructor,
"""
CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Homework 1 (77)
    Points Possible,,,,,100
"López, Ana",1001,2026001,ana@x.edu,Mon 9,
"Ng, Ben",1002,2026002,ben@x.edu,"Mon 9, Tue 2",
"Student, Test",,,,Mon 9,
"""
TYPED = "section;E-Mail;ID;Name\n\nMon 9;ana@x.edu;2026001;Ana López\n;;;\nTue 2;ben@x.edu;2026002;Ben Ng\n"
MOODLE = "Surname\tFirst name\tID number\tEmail address\tGroups\nLópez\tAna\t2026001\tana@x.edu\tMon 9\nNg\tBen\t2026002\tben@x.edu\tTue 2\n"
FORMS = {"gradescope": GRADESCOPE, "canvas": CANVAS, "typed": TYPED, "moodle": MOODLE}


def roster(tmp_path: Path, text: str | bytes = GRADESCOPE) -> Path:
    path = tmp_path / "roster.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def handed(name: str, *students: Student) -> HandedIn:
    return HandedIn(Path(name), name, students)


@pytest.mark.parametrize("form", FORMS)
def test_platforms_rosters_and_typed_ones_name_the_same_students(form: str, tmp_path: Path) -> None:
    ana, ben, *others = read(roster(tmp_path, FORMS[form])).students
    assert (ana.name, ana.sid, ana.email, ana.section) == ("Ana López", "2026001", "ana@x.edu", "Mon 9")
    assert (ben.name, ben.sid) == ("Ben Ng", "2026002") and "Tue 2" in ben.section
    assert ana.platform_id == ("1001" if form == "canvas" else "") and "cher" not in str(others).casefold()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_what_spreadsheets_write_is_read(encoding: str, tmp_path: Path) -> None:
    text = GRADESCOPE.replace("\n", "\r\n")
    assert read(roster(tmp_path, text.encode(encoding))).students[0].name == "Ana López"


@pytest.mark.parametrize(
    "one",
    [
        handed("x", Student("lopezana", platform_id="1001")),
        handed("x", Student("lopezana", platform_id="9")),
        handed("x", Student("A. L.", sid="2026001")),
        handed("x", Student("A. L.", email="ANA@x.edu")),
        handed("x", Student("ana lopez")),
        handed("x", Student("LOPEZ, Ana")),
        handed("2026001"),
        handed("ana@x.edu"),
        handed("Lopez_Ana"),
    ],
)
def test_a_student_is_known_by_id_email_or_name(one: HandedIn, tmp_path: Path) -> None:
    found = read(roster(tmp_path, CANVAS))
    [known] = found.applied([one])
    assert (known.students[0].name, known.students[0].sid, known.students[0].section) == ("Ana López", "2026001", "Mon 9")
    assert known.name == one.name and found.absent == ["Ben Ng"] and not found.strangers


def test_an_id_is_believed_before_a_name_and_a_name_that_two_have_matches_nobody(tmp_path: Path) -> None:
    found = read(roster(tmp_path, "Name,SID,Section\nAna Li,1,A\nAna Li,2,B\nBo Yu,3,C\n"))
    one, two, three = found.applied([handed("a", Student("Bo Yu", sid="1")), handed("b", Student("Ana Li")), handed("Bo Yu")])
    assert one.students[0].section == "A" and two.students == (Student("Ana Li"),) and three.students[0].section == "C"
    assert found.strangers == ["Ana Li"] and found.absent == ["Ana Li"]


GROUPS = """\
name,canvas_user_id,user_id,login_id,sections,group_name,canvas_group_id,group_id
Ana López,1001,2026001,ana@x.edu,Mon 9,Red Team,71,
Ben Ng,1002,2026002,ben@x.edu,Tue 2,Red Team,71,
Cai Xu,1003,2026003,cai@x.edu,Tue 2,Blue-Team,72,
Dee Doe,1004,2026004,dee@x.edu,Tue 2,,,
"""


def test_the_members_of_a_group_on_canvas_are_known_by_the_groups_name(tmp_path: Path) -> None:
    """A download says the group's name alone. A row each, which Canvas finds by its own number."""
    known = read(roster(tmp_path, GROUPS))
    red = HandedIn(Path("a"), "redteam", (Student("redteam", platform_id="1001"),), "canvas")
    blue, alone = (
        replace(red, name=name, students=(Student(name, platform_id=number),))
        for name, number in (("blueteam", "9"), ("doedee", "1004"))
    )
    found = known.applied(
        [red, blue, alone, replace(red, source="plain", students=(), name="red team"), replace(blue, students=(Student("green"),))]
    )
    assert [[(who.name, who.platform_id, who.sid) for who in one.students] for one in found] == [
        [("Ana López", "1001", "2026001"), ("Ben Ng", "1002", "2026002")],
        [("Cai Xu", "1003", "2026003")],
        [("Dee Doe", "1004", "2026004")],
        [],
        [("green", "", "")],
    ]
    assert known.matched == 4 and known.strangers == ["red team", "green"] and known.absent == []
    assert found[0].students[1].section == "Tue 2, Red Team"


def test_a_group_is_not_taken_for_somebody_who_is_not_in_it(tmp_path: Path) -> None:
    """Students name their groups themselves."""
    known = read(
        roster(
            tmp_path,
            GROUPS.replace("Red Team", "López Ana").replace(
                "Ana López,1001,2026001,ana@x.edu,Mon 9,López Ana", "Ana López,1001,2026001,ana@x.edu,Mon 9,"
            ),
        )
    )
    (found,) = known.applied([HandedIn(Path("a"), "lopezana", (Student("lopezana", platform_id="1001"),), "canvas")])
    assert [who.name for who in found.students] == ["Ana López"] and known.absent == ["Ben Ng", "Cai Xu", "Dee Doe"]


def test_groups_whose_names_differ_in_marks_alone_are_told_apart_by_the_members_number(tmp_path: Path) -> None:
    text = GROUPS.replace("Blue-Team", '"Red, Team!"')
    for number, members in (("1002", ["Ana López", "Ben Ng"]), ("1003", ["Cai Xu"]), ("9", ["redteam"])):
        known = read(roster(tmp_path, text))
        (found,) = known.applied([HandedIn(Path("a"), "redteam", (Student("redteam", platform_id=number),), "canvas")])
        assert [who.name for who in found.students] == members


def test_a_group_called_like_a_student_is_that_students_where_no_numbers_are_known(tmp_path: Path) -> None:
    known = read(roster(tmp_path, "Name,Email,Group\nAna Lopez,ana@x.edu,\nBen Ng,ben@x.edu,Lopez Ana\nCai Xu,cai@x.edu,Blue\n"))
    ana, blue = known.applied(
        [HandedIn(Path("a"), name, (Student(name, platform_id="7"),), "canvas") for name in ("lopezana", "blue")]
    )
    assert [who.name for who in ana.students] == ["Ana Lopez"] and [who.name for who in blue.students] == ["Cai Xu"]


def test_a_number_is_believed_where_it_is_that_platforms(tmp_path: Path) -> None:
    """Moodle numbers participants by itself; Canvas's number tells two of a name apart."""
    typed = read(roster(tmp_path, "ID,Student Number,Name\n1,2026001,Ana Lopez\n2,2026002,Ben Ng\n"))
    (found,) = typed.applied([HandedIn(Path("a"), "Ben Ng", (Student("Ben Ng", platform_id="1"),), "moodle")])
    assert found.students[0].sid == "2026002"
    canvas = read(roster(tmp_path, 'Student,ID,SIS User ID,SIS Login ID,Section\n"Wang, Wei",1001,W1,w@x,Mon\n'))
    same, other = canvas.applied(
        [HandedIn(Path("a"), "wangwei", (Student("wangwei", platform_id=n),), "canvas") for n in ("1001", "1009")]
    )
    assert same.students[0].sid == "W1" and other.students[0].sid == "" and canvas.strangers == ["wangwei"]


def test_canvass_gradebook_without_the_institutions_numbers_is_read(tmp_path: Path) -> None:
    """Columns of scores are called as somebody liked, and the student for tests has numbers, too."""
    text = (
        "Student,ID,SIS Login ID,Section,Section 2 (56),Group 1 (55)\n    Points Possible,,,,10,10\n"
        '"Lee, Jo",1003,jo@x,Mon 9,9.5,8.0\n"Student, Test",1099,ab12,Mon 9,,\n'
    )
    known = read(roster(tmp_path, text))
    (jo,) = known.students
    assert (jo.name, jo.sid, jo.platform_id, jo.section) == ("Jo Lee", "", "1003", "Mon 9") and known.groups == {}


def test_a_group_called_like_its_member_does_not_share_what_that_one_handed_in_alone(tmp_path: Path) -> None:
    known = read(roster(tmp_path, GROUPS.replace("Red Team", "López Ana")))
    (found,) = known.applied([HandedIn(Path("a"), "lopezana", (Student("lopezana", platform_id="1001"),), "canvas")])
    assert [who.name for who in found.students] == ["Ana López"] and "Ben Ng" in known.absent


def test_an_id_that_is_not_canvass_is_not_asked_for_canvass_number(tmp_path: Path) -> None:
    """A line's number, or another system's."""
    known = read(roster(tmp_path, "ID,Student Number,Name\n101,S9,Zed Zorn\n102,S1,Ana Lopez\n"))
    (found,) = known.applied([HandedIn(Path("a"), "lopezana", (Student("lopezana", platform_id="101"),), "canvas")])
    assert found.students[0].sid == "S1" and known.absent == ["Zed Zorn"]


def test_vowels_that_are_written_as_marks_tell_names_apart(tmp_path: Path) -> None:
    known = read(roster(tmp_path, "SID,Name\n1,रीमा शर्मा\n2,Zoë Núñez\n"))
    handed_in = [HandedIn(Path("a"), name, (Student(name),), "moodle") for name in ("रामा शर्मा", "रीमा शर्मा", "Nunez Zoe")]
    assert [one.students[0].sid for one in known.applied(handed_in)] == ["", "1", "2"]


def test_canvass_own_number_is_never_taken_for_the_institutions(tmp_path: Path) -> None:
    """Who may not read those gets the export without them."""
    text = "name,canvas_user_id,login_id,sections,group_name,canvas_group_id\nAna López,1001,ana@x.edu,Mon 9,Red Team,71\n"
    (ana,) = read(roster(tmp_path, text)).students
    assert (ana.platform_id, ana.sid) == ("1001", "")


def test_each_of_a_group_is_looked_up(tmp_path: Path) -> None:
    [pair] = read(roster(tmp_path)).applied([handed("pair", Student("Ana Lopez"), Student("Eve"))])
    assert [student.section for student in pair.students] == ["Mon 9", ""]


def test_a_student_in_two_sections_is_one(tmp_path: Path) -> None:
    [ana] = read(roster(tmp_path, "Name,SID,Section\nAna,1,A\nAna,1,B\nAna,1,A\n")).students
    assert ana.section == "A, B"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "expected a first line with columns such as Name, SID, Email and Section; its first line is: nothing"),
        ("Ana,1\nBen,2\n", "its first line is: Ana, 1"),
        ("Name,SID\n", "names no students"),
        ("Name,SID\nAna,1\nBen,1\n", "two students of the same id, 1: Ana and, in line 3, Ben"),
        (b"PK\x03\x04xlsx", "is a spreadsheet, not CSV"),
        (b"\x00\x01\x02\xff" * 20, "no roster that can be read"),
    ],
)
def test_a_broken_roster_is_told_of_before_anything_is_graded(
    text: str | bytes, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = roster(tmp_path, text)
    with pytest.raises(Broken, match="roster"):
        read(path)
    (tmp_path / "ana.ipynb").write_text("{}")
    nobody: Any = FakeSession()  # would fail if it was asked to grade
    assert terminal.grade(nobody, [tmp_path / "ana.ipynb"], tmp_path / "out", 1, roster=str(path)) == 2
    assert said in capsys.readouterr().err and not (tmp_path / "out").exists()


def test_a_roster_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(Broken, match="cannot be read"):
        read(tmp_path / "none.csv")


def test_tables_and_report_have_sections_and_who_handed_nothing_in_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lot, out = tmp_path / "class", tmp_path / "out"
    lot.mkdir()
    for name in ("lopezana_1001_2001_vae.ipynb", "zoe_1009_2002_vae.ipynb"):
        (lot / name).write_text("{}")
    session: Any = FakeSession(report(), report())
    assert terminal.grade(session, [lot], out, 1, roster=str(roster(tmp_path, CANVAS))) == 0
    said = capsys.readouterr().out
    assert "knows 1 of 2 who handed in" in said and "not on the roster: zoe" in said and "handed nothing in: Ben Ng" in said
    with (out / "scores.csv").open(encoding="utf-8-sig", newline="") as file:
        ana, zoe = csv.DictReader(file)
    assert (ana["name"], ana["sid"], ana["section"], zoe["section"]) == ("Ana López", "2026001", "Mon 9", "")
    with (out / "canvas.csv").open(encoding="utf-8-sig", newline="") as file:
        _, ana, _ = csv.DictReader(file)
    assert [ana[name] for name in ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")] == [
        "Ana López", "1001", "2026001", "ana@x.edu", "Mon 9"]  # fmt: skip
    assert "Mon 9" in (out / "report.html").read_text()
    assert json.loads((out / "lopezana" / "results.json").read_text())["score"] == 12  # its folder's name stays


def test_another_number_is_another_student_however_alike_the_names_are(tmp_path: Path) -> None:
    found = read(roster(tmp_path, "Name,SID\nKim Lee,111\n"))
    one, two = found.applied([handed("a", Student("Kim Lee", sid="999")), handed("b", Student("Kim Lee", sid="111"))])
    assert (one.students[0].sid, two.students[0].sid) == ("999", "111") and found.strangers == ["Kim Lee"]


def test_two_that_are_taken_for_one_student_are_said(tmp_path: Path) -> None:
    found = read(roster(tmp_path, "Name,SID\nKim Lee,111\nBo Yu,2\n"))
    found.applied([handed("a", Student("Kim Lee")), handed("b", Student("Lee, Kim"))])
    assert "more than one submission is taken for the same student: Kim Lee" in found.told()


@pytest.mark.parametrize("said", ["garcialopezmaria", "Maria Garcia-Lopez", "mariagarcialopez"])
def test_a_double_name_is_known(said: str, tmp_path: Path) -> None:
    found = read(roster(tmp_path, "First Name,Last Name,SID\nMaria,Garcia-Lopez,7\n"))
    assert found.applied([handed(said)])[0].students[0].sid == "7" and not found.strangers


def test_what_spreadsheets_make_of_a_roster_is_read(tmp_path: Path) -> None:
    path = tmp_path / "roster.csv"
    path.write_bytes('Name,SID\nAna Lopez,="007"\n'.encode("utf-16-le"))
    assert read(path).students[0] == Student("Ana Lopez", "007")
    path.write_text('Name,SID\n"Ana Lopez,1\nBen Ng,2\n')
    with pytest.raises(Broken, match="quotation mark"):
        read(path)
