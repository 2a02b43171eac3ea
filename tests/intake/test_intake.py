"""What the paths given to `grade` mean: platforms' downloads as folders and as zips, mixed, damaged, and with what does not belong."""

from __future__ import annotations

import shutil
import unicodedata
import zipfile
from pathlib import Path

import pytest

from autograder.intake.graded import Student
from autograder.intake.intake import Intake, is_class, take_in
from autograder.intake.names import folder_name
from autograder.intake.unpacked import Unreadable
from autograder.submissions.handed_in import Refused, find

YAML = """\
submission_11:
  :submitters:
  - :name: Ana López
    :sid: '0007'
    :email: ana@example.org
  :created_at: 2026-03-01 10:00:00.000000000 -08:00
  :status: processed
submission_12:
  :submitters:
  - :name: Ben Ng
    :sid: '8'
    :email: ben@example.org
  - :name: Cai Xu
    :sid: '9'
    :email: cai@example.org
submission_13:
  :submitters: []
"""
FORMS = {
    "gradescope": {
        "submission_metadata.yml": YAML,
        "submission_11/vae.ipynb": "{}",
        "submission_12/work.ipynb": "{}",
        "submission_99/vae.ipynb": "{}",
    },
    "canvas": {
        "lopezana_1001_50001_vae.ipynb": "{}",
        "lopezana_1001_50002_notes.txt": "hello",
        "ngben_LATE_1002_50003_vae-1.ipynb": "{}",
        "xucai_1003_50004_draft.ipynb": "{}",
        "xucai_1003_50009_vae.ipynb": "{}",
    },
    "moodle": {
        "Ana López_2001_assignsubmission_file_/vae.ipynb": "{}",
        "Ben Ng_2002_assignsubmission_file/vae.ipynb": "{}",
        "Cai Xu_2003_assignsubmission_file_vae.ipynb": "{}",
        "Dee Doe_2004_assignsubmission_onlinetext_/onlinetext.html": "<p>",
    },
    "plain": {"ana.ipynb": "{}", "ben/work.ipynb": "{}", "cai.zip": "", "notes.txt": ""},
}


def laid_out(form: str, folder: Path) -> Path:
    for name, text in FORMS[form].items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def zipped(folder: Path) -> Path:
    return Path(shutil.make_archive(str(folder), "zip", folder.parent, folder.name))


def taken(path: Path, scratch: Path) -> Intake:
    return take_in([path], scratch, "vae.ipynb")


@pytest.fixture(params=["a folder", "a zip"])
def given(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, Path]:
    """Each form, as a folder or as a zip of one."""
    folders = {form: laid_out(form, tmp_path / f"{form} download") for form in FORMS}
    return folders if request.param == "a folder" else {form: zipped(folder) for form, folder in folders.items()}


def test_a_gradescope_export_says_who_handed_in_and_in_which_group(given: dict[str, Path], tmp_path: Path) -> None:
    found = taken(given["gradescope"], tmp_path / "scratch")
    assert [one.name for one in found.handed_in] == ["Ana López", "Ben Ng + Cai Xu"]
    assert found.handed_in[0].students == (Student("Ana López", "0007", "ana@example.org"),)
    assert found.handed_in[0].submitted.startswith("2026-03-01")
    assert [student.sid for student in found.handed_in[1].students] == ["8", "9"]
    assert {name for name, _ in found.skipped} == {"submission_13", "submission_99"}
    assert found.recognised == "Recognised: a Gradescope export (2 submissions)."


def test_a_canvas_download_says_who_was_late_and_takes_the_last_of_several_notebooks(
    given: dict[str, Path], tmp_path: Path
) -> None:
    found = taken(given["canvas"], tmp_path / "scratch")
    assert [(one.name, one.late, one.path.name) for one in found.handed_in] == [
        ("lopezana", False, "lopezana_1001_50001_vae.ipynb"),
        ("ngben", True, "ngben_LATE_1002_50003_vae-1.ipynb"),
        ("xucai", False, "xucai_1003_50009_vae.ipynb"),
    ]
    assert [one.students[0].platform_id for one in found.handed_in] == ["1001", "1002", "1003"]
    assert dict(found.skipped) == {
        "lopezana_1001_50002_notes.txt": "it is no notebook and no zip",
        "xucai_1003_50004_draft.ipynb": "xucai attached another later: xucai_1003_50009_vae.ipynb",
    }


def test_a_moodle_download_has_a_folder_or_a_file_a_participant(given: dict[str, Path], tmp_path: Path) -> None:
    found = taken(given["moodle"], tmp_path / "scratch")
    assert [(one.name, one.students[0].platform_id) for one in found.handed_in] == [
        ("Ana López", "2001"),
        ("Ben Ng", "2002"),
        ("Cai Xu", "2003"),
        ("Dee Doe", "2004"),
    ]
    assert found.skipped == []


def test_who_typed_a_text_or_a_link_where_a_file_was_asked_for_is_told_so(tmp_path: Path) -> None:
    """They have a row, as has who handed in a printout: whoever is missing there has handed nothing in."""
    canvas, moodle = tmp_path / "canvas", tmp_path / "moodle"
    names_of(
        canvas,
        tmp_path,
        "ana_1_501_vae.ipynb",
        "ben_2_text.html",
        "cai_LATE_3_link.html",
        "team_4_b_5_text.html",
        "read_me_text.html",
    )
    found = taken(canvas, tmp_path / "scratch")
    assert [(one.name, one.students[0].platform_id, one.late) for one in found.handed_in] == [
        ("ana", "1", False),
        ("ben", "2", False),
        ("cai", "3", True),
        ("team_4_b", "5", False),
    ]
    assert [name for name, _ in found.skipped] == ["read_me_text.html"]
    with pytest.raises(Refused, match="a web page, as is made from a notebook or a typed text"):
        find(found.handed_in[1].path)
    names_of(tmp_path / "blind", tmp_path, "anon_aB3xZ_50001_vae.ipynb", "LATE_anon_Q9f2k_text.html")
    assert [(one.name, one.late) for one in taken(tmp_path / "blind", tmp_path / "s2").handed_in] == [
        ("anon Q9f2k", True),
        ("anon aB3xZ", False),
    ]
    for name in ("Ana_1_assignsubmission_file_/vae.ipynb", "Ana_1_assignsubmission_onlinetext_/onlinetext.html"):
        (moodle / name).parent.mkdir(parents=True)
        (moodle / name).write_text("{}")
    (moodle / "Ben_2_assignsubmission_onlinetext_onlinetext.html").write_text("<p>")
    found = taken(moodle, tmp_path / "s3")
    assert [(one.name, one.path.name) for one in found.handed_in] == [
        ("Ana", "Ana_1_assignsubmission_file_"),
        ("Ben", "Ben_2_assignsubmission_onlinetext_onlinetext.html"),
    ]
    assert found.skipped == [("Ana_1_assignsubmission_onlinetext_", "it is a text that was typed in, no file")]


def test_typed_texts_alone_are_no_canvas_download(tmp_path: Path) -> None:
    assert names_of(tmp_path / "class", tmp_path, "chapter_1_text.html", "ana.ipynb", "ben.ipynb") == [
        ("ana", "ana.ipynb"),
        ("ben", "ben.ipynb"),
    ]


def test_a_zip_of_a_class_of_which_nothing_can_be_unpacked_is_no_submission(tmp_path: Path) -> None:
    """It has a password: names can be read, and nothing else."""
    path = tmp_path / "class.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("class/ana/vae.ipynb", "class/ben/vae.ipynb"):
            archive.writestr(name, "{}")
    content = bytearray(path.read_bytes())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = -1
        while (start := content.find(mark, start + 1)) >= 0:
            content[start + at] |= 1
    path.write_bytes(content)
    with pytest.raises(Unreadable, match=r"class.zip holds 2 files, and none .* password required.*\nDownload it again"):
        taken(path, tmp_path / "scratch")


def test_a_plain_folder_is_a_class_also_as_a_zip(given: dict[str, Path], tmp_path: Path) -> None:
    found = taken(given["plain"], tmp_path / "scratch")
    assert [one.name for one in found.handed_in] == ["ana", "ben", "cai"]
    assert found.skipped == [("notes.txt", "it is no notebook and no zip")]


def test_several_forms_may_be_mixed_and_two_of_a_name_are_told_apart(tmp_path: Path) -> None:
    folders = [laid_out(form, tmp_path / form) for form in ("gradescope", "moodle", "plain")]
    found = take_in(folders, tmp_path / "scratch", "vae.ipynb")
    names = [one.name for one in found.handed_in]
    assert names[0] == "0007-Ana López" and "2001-Ana López" in names and len(set(names)) == len(names) == 9
    assert "a Gradescope export (2 submissions), a Moodle download (4 submissions)" in found.recognised


def test_a_students_own_zip_is_no_class(tmp_path: Path) -> None:
    """It holds the notebook as it was handed out, and perhaps a copy."""
    for name, inside in {
        "one": ["vae.ipynb"],
        "two": ["vae.ipynb", "vae-Copy1.ipynb"],
        "deep": ["a/b/vae.ipynb", "a/data.csv"],
    }.items():
        with zipfile.ZipFile(tmp_path / f"{name}.zip", "w") as archive:
            for member in inside:
                archive.writestr(member, "{}")
        assert not is_class(tmp_path / f"{name}.zip", "vae.ipynb")
    with zipfile.ZipFile(tmp_path / "class.zip", "w") as archive:
        for name in ("ana.ipynb", "ben.ipynb", "cai.ipynb"):
            archive.writestr(name, "{}")
    assert is_class(tmp_path / "class.zip", "vae.ipynb")
    assert not is_class(laid_out("plain", tmp_path / "folder") / "cai.zip", "vae.ipynb")  # no zip at all


def test_nothing_in_a_zip_is_written_beside_the_scratch_folder(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "class.zip", "w") as archive:
        for name in ("../out.ipynb", "/abs.ipynb", "a/../../out.ipynb", "..\\back.ipynb", "ana.ipynb", "ben.ipynb"):
            archive.writestr(name, "{}")
    (tmp_path / "scratch").mkdir()
    found = taken(tmp_path / "class.zip", tmp_path / "scratch")
    assert [one.name for one in found.handed_in] == ["ana", "ben"] and len(found.skipped) == 3
    outside = [path for path in tmp_path.rglob("*.ipynb") if tmp_path / "scratch" not in path.parents]
    assert outside == [] and not Path("/abs.ipynb").exists()


def test_names_that_are_paths_stay_names(tmp_path: Path) -> None:
    folder = laid_out("gradescope", tmp_path / "export")
    (folder / "submission_metadata.yml").write_text(YAML.replace("Ana López", "../../Ana\\0/López"), encoding="utf-8")
    [name, _] = [one.name for one in taken(folder, tmp_path / "scratch").handed_in]
    assert "/" not in name and name != ".." and (tmp_path / name).parent == tmp_path


def test_metadata_that_cannot_be_read_costs_the_names_alone(tmp_path: Path) -> None:
    folder = laid_out("gradescope", tmp_path / "export")
    (folder / "submission_metadata.yml").write_text("submission_11: [", encoding="utf-8")
    found = taken(folder, tmp_path / "scratch")
    assert [one.name for one in found.handed_in] == ["submission_11", "submission_12", "submission_99"]
    assert [name for name, why in found.skipped] == ["submission_metadata.yml"]


def names_of(folder: Path, tmp_path: Path, *names: str) -> list[tuple[str, str]]:
    """What a folder with these files comes to: the names of the submissions, and of the files that are graded."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        if not name.endswith("/"):
            (folder / name).write_text("{}")
        else:
            (folder / name).mkdir()
    return [(one.name, one.path.name) for one in taken(folder, tmp_path / "scratch").handed_in]


@pytest.mark.parametrize(
    "names",
    [
        [f"vae_2026_11_26T10_00_00_00000{i}.zip" for i in (1, 2, 3)],  # what the notebook's last cell makes
        ["hw_3_2026_ana.ipynb", "hw_3_2026_ben.ipynb", "hw_3_2026_cy.ipynb"],
        ["hw_3_2026_ana (1).ipynb", "hw_3_2026_ben.ipynb"],
    ],
)
def test_names_that_only_look_like_canvass_are_plain_and_nobody_is_lost(names: list[str], tmp_path: Path) -> None:
    assert sorted(file for _, file in names_of(tmp_path / "class", tmp_path, *names)) == sorted(names)
    assert taken(tmp_path / "class", tmp_path / "scratch").recognised == f"Recognised: plain files ({len(names)} submissions)."


@pytest.mark.parametrize(
    ("file", "name", "user", "late"),
    [
        ("red_1_2001_60001_x.ipynb", "red_1", "2001", False),
        ("lab_group_12_LATE_2001_60001_hw_1_2.ipynb", "lab_group_12", "2001", True),
        ("o_brienana_2001_60001_vae.ipynb", "o_brienana", "2001", False),
        ("lopezana_2001_60001_2026_11_vae.ipynb", "lopezana", "2001", False),
        ("lopezana_2001_60001_hw_1_2_vae.ipynb", "lopezana", "2001", False),
        ("lopezana_2001_60001_vae_2026_11_26T10_00_00_000000.zip", "lopezana", "2001", False),
        ("lopezana_2001_60001_20261_20261101_vae.ipynb", "lopezana", "2001", False),
        ("lopezana_2001_60001_2026_20261_vae.ipynb", "lopezana", "2001", False),
        ("lopezana_2001_60001_LATE_1002_50009_vae.ipynb", "lopezana", "2001", False),
        ("lopezana_LATE_2001_60001_1002_50003_vae.ipynb", "lopezana", "2001", True),
        ("lopezana_2001_60001_1099_50099_vae.ipynb", "lopezana", "2001", False),
    ],
)
def test_canvas_names_of_groups_and_of_files_may_hold_numbers(file: str, name: str, user: str, late: bool, tmp_path: Path) -> None:
    """Which of them is the user's shows beside others of the download."""
    folder = tmp_path / "class"
    names_of(folder, tmp_path, "ngben_1002_50003_vae.ipynb", "xucai_1003_50009_vae.ipynb", file)
    found = taken(folder, tmp_path / "scratch")
    assert found.recognised == "Recognised: a Canvas download (3 submissions)."
    (one,) = [one for one in found.handed_in if one.path.name == file]
    assert (one.name, one.students[0].platform_id, one.late) == (name, user, late)


def test_a_file_that_is_called_like_anothers_submission_is_none(tmp_path: Path) -> None:
    """Classmates' numbers are no secret; whoever handed nothing in has no row by somebody else's file."""
    folder = tmp_path / "canvas"
    names_of(
        folder,
        tmp_path,
        "evetoo_1004_50010_hw.ipynb",
        "evetoo_1004_50011_LATE_1002_50002_hw.ipynb",
        "evetoo_1004_50012_1003_50003_hw.ipynb",
        "xucai_1003_50009_vae.ipynb",
    )
    found = taken(folder, tmp_path / "s1")
    assert [(one.name, one.path.name) for one in found.handed_in] == [
        ("evetoo", "evetoo_1004_50010_hw.ipynb"),
        ("xucai", "xucai_1003_50009_vae.ipynb"),
    ]
    eves = "Eve X_1003_assignsubmission_file_Ben Ng_1002_assignsubmission_file_hw.ipynb"
    moodle = names_of(tmp_path / "moodle", tmp_path, "Ben Ng_1002_assignsubmission_file_hw.ipynb", eves)
    assert moodle == [("Ben Ng", "Ben Ng_1002_assignsubmission_file_hw.ipynb"), ("Eve X", eves)]


def test_a_name_that_may_be_read_as_a_classmates_is_told_and_takes_nobodys_place(tmp_path: Path) -> None:
    """Groups name themselves: of `lopezana_-1001-_59999` Canvas leaves the numbers between lines."""
    folder = tmp_path / "class"
    eves = "lopezana_1001_59999_1004_50010_hw.ipynb"
    names_of(folder, tmp_path, "lopezana_1001_50001_hw.ipynb", eves, "xucai_1003_50009_vae.ipynb")
    found = taken(folder, tmp_path / "s1")
    assert ("lopezana", "lopezana_1001_50001_hw.ipynb") in [(one.name, one.path.name) for one in found.handed_in]
    assert "may be" in dict(found.skipped)[eves]
    (folder / "lopezana_1001_50001_hw.ipynb").unlink()
    (doubt,) = taken(folder, tmp_path / "s2").doubts
    assert doubt[0] == eves and "taken for lopezana's (1001), and may be" in doubt[1] and "lopezana_1001_59999's (1004)" in doubt[1]


def test_an_unusual_number_of_a_students_own_is_believed_before_one_in_a_files_name(tmp_path: Path) -> None:
    folder = tmp_path / "class"
    others = ("ngben_1002_50003_vae.ipynb", "xucai_1003_50009_vae.ipynb")
    own, tricky = "foxeve_1070600000001_50010_hw.ipynb", "foxeve_1070600000001_50011_x_1005_50012_hw.ipynb"
    names_of(folder, tmp_path, own, tricky, *others)
    found = taken(folder, tmp_path / "s1")
    assert [one.name for one in found.handed_in] == ["foxeve", "ngben", "xucai"]
    (folder / own).unlink()
    (doubt,) = taken(folder, tmp_path / "s2").doubts
    assert doubt[0] == tricky and "may be foxeve's (1070600000001)" in doubt[1]


def test_a_zip_beside_files_of_a_download_is_one_submission_whatever_is_in_it(tmp_path: Path) -> None:
    """Of a name that has but marks Canvas leaves nothing."""
    folder = tmp_path / "class"
    names_of(folder, tmp_path, "ngben_1002_50003_vae.ipynb", "xucai_1003_50009_vae.ipynb")
    export = zipped(laid_out("gradescope", tmp_path / "export"))
    for name in ("_1004_50010_e.zip", "late-eve.zip"):
        shutil.copy(export, folder / name)
    found = taken(folder, tmp_path / "scratch")
    assert [one.name for one in found.handed_in] == ["nameless", "ngben", "xucai", "late-eve"]


def test_groups_called_by_numbers_are_told_apart_where_every_name_may_be_read_twice(tmp_path: Path) -> None:
    names = [f"team_{n}_100{n}_5000{n}_hw.ipynb" for n in (1, 2, 3)]
    names_of(tmp_path / "class", tmp_path, *names)
    found = taken(tmp_path / "class", tmp_path / "scratch").handed_in
    assert [(one.name, one.students[0].platform_id) for one in found] == [
        ("team_1", "1001"),
        ("team_2", "1002"),
        ("team_3", "1003"),
    ]


def test_accents_that_a_system_has_taken_off_their_letters_make_no_second_name(tmp_path: Path) -> None:
    folder, decomposed = tmp_path / "canvas", unicodedata.normalize("NFD", "lópezana_1001_50002_vae.ipynb")
    assert decomposed != "lópezana_1001_50002_vae.ipynb"
    names_of(folder, tmp_path, "lópezana_1001_50001_vae.ipynb", decomposed, "ngben_1002_50003_vae.ipynb")
    found = taken(folder, tmp_path / "scratch")
    assert found.recognised == "Recognised: a Canvas download (2 submissions)."
    assert [one.name for one in found.handed_in] == ["lópezana", "ngben"]
    name = unicodedata.normalize("NFD", "José Ruiz")
    moodle = names_of(
        tmp_path / "moodle", tmp_path, f"{name}_11_assignsubmission_file_vae.ipynb", "Ana_12_assignsubmission_file_vae.ipynb"
    )
    assert [name for name, _ in moodle] == ["Ana", "José Ruiz"]


def test_one_attachment_may_be_each_members_of_a_group(tmp_path: Path) -> None:
    names = ["ngben_1002_50003_vae.ipynb", "xucai_1003_50003_vae.ipynb"]
    assert [name for name, _ in names_of(tmp_path / "class", tmp_path, *names)] == ["ngben", "xucai"]


def test_who_is_in_two_moodle_activities_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "class"
    names_of(
        folder,
        tmp_path,
        *(f"Ana Lopez_{n}_assignsubmission_file_/vae.ipynb" for n in (11, 57)),
        "Ben Ng_12_assignsubmission_file_/vae.ipynb",
    )
    ((student, names),) = taken(folder, tmp_path / "scratch").twice
    assert student.name == "Ana Lopez" and len(names) == 2


def test_where_all_files_of_a_class_are_called_by_numbers_the_first_two_are_canvass(tmp_path: Path) -> None:
    names = ["lopezana_2001_60001_2026_11_vae.ipynb", "ngben_2002_60002_2026_11_vae.ipynb", "xucai_2003_60003_2026_11_vae.ipynb"]
    assert [name for name, _ in names_of(tmp_path / "class", tmp_path, *names)] == ["lopezana", "ngben", "xucai"]


def test_a_copy_of_a_canvas_file_is_passed_over_and_the_class_is_still_known(tmp_path: Path) -> None:
    folder = tmp_path / "class"
    copies = ["lopezana_1001_50001_vae (1).ipynb", "lopezana_1001_50001_vae-Copy1.ipynb"]
    found = names_of(folder, tmp_path, "lopezana_1001_50001_vae.ipynb", "ngben_1002_50003_vae.ipynb", *copies)
    assert found == [("lopezana", "lopezana_1001_50001_vae.ipynb"), ("ngben", "ngben_1002_50003_vae.ipynb")]
    told = dict(taken(folder, tmp_path / "scratch").skipped)
    assert told == dict.fromkeys(copies, "it is a copy of lopezana_1001_50001_vae.ipynb")


def test_an_anonymous_students_number_is_no_users(tmp_path: Path) -> None:
    names_of(tmp_path / "class", tmp_path, "anon_5f2kQ_50001_vae.ipynb", "anon_Q9f2k_50002_vae.ipynb")
    found = taken(tmp_path / "class", tmp_path / "scratch").handed_in
    assert [one.students[0].platform_id for one in found] == ["", ""]


def test_results_inside_a_download_are_none_of_it(tmp_path: Path) -> None:
    """They lie there from the second run on, where --out is a folder in that of the submissions."""
    for form in ("canvas", "moodle", "gradescope", "plain"):
        folder = laid_out(form, tmp_path / form)
        before = [one.name for one in taken(folder, tmp_path / f"{form} before").handed_in]
        for name in ("results/ana/results.json", "results/ana/index.html", "results/scores.csv"):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text("{}")
        assert [one.name for one in taken(folder, tmp_path / f"{form} after").handed_in] == before
    outer = tmp_path / "with a zip"
    outer.mkdir()
    shutil.copy(zipped(laid_out("canvas", tmp_path / "downloaded")), outer / "submissions.zip")
    shutil.copytree(tmp_path / "canvas" / "results", outer / "results")
    assert len(taken(outer, tmp_path / "scratch").handed_in) == 3


def test_among_zips_of_students_none_says_whose_it_is(tmp_path: Path) -> None:
    """As when a shell gives all of them: `grade zips/*.zip`."""
    for name, files in {
        "ana": {"vae.ipynb": "{}"},
        "ben": {"vae.ipynb": "{}", "notes.ipynb": "{}", "scratch.ipynb": "{}"},
        "cai": {"lopezana_1001_50001_vae.ipynb": "{}"},
        "dee": FORMS["gradescope"],
    }.items():
        with zipfile.ZipFile(tmp_path / f"{name}.zip", "w") as archive:
            for member, text in files.items():
                archive.writestr(member, text)
    found = take_in(sorted(tmp_path.glob("*.zip")), tmp_path / "scratch", "vae.ipynb")
    assert [(one.name, one.students) for one in found.handed_in] == [(name, ()) for name in ("ana", "ben", "cai", "dee")]
    assert found.crowded == [("ben", 3), ("dee", 3)]
    both = [zipped(laid_out(form, tmp_path / form)) for form in ("canvas", "moodle")]
    assert len(take_in(both, tmp_path / "scratch 2", "vae.ipynb").handed_in) == 7


def test_what_is_given_twice_is_graded_once(tmp_path: Path) -> None:
    folder = laid_out("plain", tmp_path / "class")
    found = take_in([folder, folder / "ana.ipynb", folder], tmp_path / "scratch", "vae.ipynb")
    assert [one.name for one in found.handed_in] == ["ana", "ben", "cai"]
    assert ("ana.ipynb", "it was given twice") in found.skipped


def test_who_is_in_two_downloads_is_told_of(tmp_path: Path) -> None:
    friday, monday = (laid_out("canvas", tmp_path / day) for day in ("friday", "monday"))
    (monday / "xucai_1003_50009_vae.ipynb").unlink()
    (monday / "xucai_1003_50004_draft.ipynb").unlink()
    found = take_in([friday, monday], tmp_path / "scratch", "vae.ipynb")
    assert [student.platform_id for student, _ in found.twice] == ["1001", "1002"]
    assert all(len(names) == 2 for _, names in found.twice)


def test_a_name_in_a_zip_that_no_file_could_have_harms_nobody(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "aaron.zip", "w") as archive:
        archive.writestr("名" * 95 + ".ipynb", "{}")
    folder = tmp_path / "class"
    names_of(folder, tmp_path, "ben.ipynb", "cai.ipynb")
    shutil.copy(tmp_path / "aaron.zip", folder)
    assert [one.name for one in taken(folder, tmp_path / "scratch").handed_in] == ["aaron", "ben", "cai"]
    assert [one.name for one in taken(tmp_path / "aaron.zip", tmp_path / "scratch 2").handed_in] == ["aaron"]


def test_metadata_is_text_whatever_it_looks_like(tmp_path: Path) -> None:
    folder = laid_out("gradescope", tmp_path / "export")
    strange = YAML.replace("'0007'", "012345").replace(":submitters: []", ":submitters: !ruby/array []")
    (folder / "submission_metadata.yml").write_text(strange.replace("'8'", "null"), encoding="utf-8")
    one, two = taken(folder, tmp_path / "scratch").handed_in
    assert one.students[0].sid == "012345" and [student.sid for student in two.students] == ["", "9"]


@pytest.mark.parametrize("name", [".lock", ".earlier", "..", ".", ".ana"])
def test_no_folder_of_results_is_hidden_or_one_of_ours(name: str) -> None:
    assert not folder_name(name).startswith(".") and folder_name(name)


def test_a_notebook_is_taken_before_a_zip_and_a_student_without_one_is_not_lost(tmp_path: Path) -> None:
    canvas = names_of(
        tmp_path / "canvas", tmp_path, "lopezana_1001_50001_vae.ipynb", "lopezana_1001_50002_data.zip", "ngben_1002_50003_vae.pdf"
    )
    assert canvas == [("lopezana", "lopezana_1001_50001_vae.ipynb"), ("ngben", "ngben_1002_50003_vae.pdf")]
    moodle = names_of(
        tmp_path / "moodle",
        tmp_path,
        "Ana_1_assignsubmission_file_a.ipynb",
        "Ana_1_assignsubmission_file_data.zip",
        "Ben_2_assignsubmission_file_b.pdf",
    )
    assert moodle == [("Ana", "Ana_1_assignsubmission_file_a.ipynb"), ("Ben", "Ben_2_assignsubmission_file_b.pdf")]


def test_an_anonymous_canvas_download_is_known(tmp_path: Path) -> None:
    found = names_of(tmp_path / "class", tmp_path, "anon_aB3xZ_50001_vae.ipynb", "LATE_anon_Q9f2k_50002_vae.ipynb")
    assert [name for name, _ in found] == ["anon Q9f2k", "anon aB3xZ"]
    assert [one.late for one in taken(tmp_path / "class", tmp_path / "scratch").handed_in] == [True, False]


def test_downloads_that_lie_in_a_folder_are_taken_in(tmp_path: Path) -> None:
    outer = tmp_path / "outer"
    laid_out("gradescope", outer / "export")
    assert [one.name for one in taken(outer, tmp_path / "s1").handed_in] == ["Ana López", "Ben Ng + Cai Xu"]
    shutil.make_archive(str(outer / "moodle"), "zip", laid_out("moodle", tmp_path / "moodle"))
    both = taken(outer, tmp_path / "s2")
    assert "a Gradescope export (2 submissions), a Moodle download (4 submissions)" in both.recognised


def test_what_a_student_hands_in_does_not_say_whose_it_is(tmp_path: Path) -> None:
    """A download's marks inside a submission are no download's."""
    folder = tmp_path / "class"
    names_of(folder, tmp_path, "ana.ipynb", "ben/lopezana_1_501_vae.ipynb", "ben/ngben_2_502_vae.ipynb")
    laid_out("gradescope", folder / "cai")
    shutil.make_archive(str(folder / "dee"), "zip", laid_out("moodle", tmp_path / "moodle"))
    found = taken(folder, tmp_path / "scratch")
    assert [(one.name, one.students) for one in found.handed_in] == [(name, ()) for name in ("ana", "ben", "cai", "dee")]


def test_what_is_passed_over_in_a_plain_class_is_said(tmp_path: Path) -> None:
    folder = tmp_path / "class"
    names_of(folder, tmp_path, "ana.ipynb", "ben.ipynb", "eve.pdf", "fay.py")
    (folder / "ida").symlink_to(tmp_path)
    assert dict(taken(folder, tmp_path / "scratch").skipped) == {
        "eve.pdf": "it is no notebook and no zip",
        "fay.py": "it is no notebook and no zip",
        "ida": "it is a link",
    }
    alone = tmp_path / "one of three"
    assert [name for name, _ in names_of(alone, tmp_path, "ana/vae.ipynb", "ben/", "carl/work.py")] == ["ana"]
    assert [name for name, _ in taken(alone, tmp_path / "scratch").skipped] == ["ben", "carl"]


def test_nobody_vanishes_without_a_word(tmp_path: Path) -> None:
    folder = tmp_path / "class"
    names_of(folder, tmp_path, "ana.ipynb", "ben.ipynb", "__cai__.ipynb", "._ana.ipynb", "dee/results.json", "eve.ipynb/vae.ipynb")
    found = taken(folder, tmp_path / "scratch")
    assert [one.name for one in found.handed_in] == ["ana", "ben", "eve.ipynb"]
    assert dict(found.skipped) == {
        "__cai__.ipynb": "its name is that of a hidden file",
        "dee": "it holds results, and no notebook",
    }
    names_of(tmp_path / "one", tmp_path, "ana/vae.ipynb", "ben.pdf")
    assert taken(tmp_path / "one", tmp_path / "scratch").skipped == [("ben.pdf", "it is no notebook and no zip")]


def test_metadata_that_names_nobody_is_said_once_and_all_are_graded(tmp_path: Path) -> None:
    folder = laid_out("gradescope", tmp_path / "export")
    (folder / "submission_metadata.yml").write_text("{}", encoding="utf-8")
    found = taken(folder, tmp_path / "scratch")
    assert [one.name for one in found.handed_in] == ["submission_11", "submission_12", "submission_99"]
    assert [name for name, _ in found.skipped] == ["submission_metadata.yml"]


def test_two_of_one_name_without_a_number_are_told_apart(tmp_path: Path) -> None:
    folder = laid_out("gradescope", tmp_path / "export")
    text = YAML.replace("Ben Ng", "Ana López").replace("'0007'", "").replace("ana@example.org", "")
    (folder / "submission_metadata.yml").write_text(
        text.replace("  - :name: Cai Xu\n    :sid: '9'\n    :email: cai@example.org\n", "")
    )
    assert [one.name for one in taken(folder, tmp_path / "scratch").handed_in] == ["Ana López", "8-Ana López"]


def test_a_folder_that_may_be_a_class_is_told_of(tmp_path: Path) -> None:
    names_of(tmp_path / "class", tmp_path, *(f"section {one}/{who}.ipynb" for one in "ab" for who in ("ana", "ben", "cai")))
    assert taken(tmp_path / "class", tmp_path / "scratch").crowded == [("section a", 3), ("section b", 3)]


def test_an_empty_folder_is_a_student_in_a_zip_as_in_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "class"
    names_of(folder, tmp_path, "ana/vae.ipynb", "ben/vae.ipynb", "dora/")
    found = [[one.name for one in taken(path, tmp_path / str(i)).handed_in] for i, path in enumerate((folder, zipped(folder)))]
    assert found == [["ana", "ben", "dora"]] * 2


def test_results_that_lie_in_a_class_are_no_submissions(tmp_path: Path) -> None:
    found = names_of(tmp_path / "class", tmp_path, "ana.ipynb", "ben.ipynb", "ana/results.json", "r/deep/ben/results.json")
    assert [name for name, _ in found] == ["ana", "ben"]


def test_a_submission_called_as_a_file_of_the_classs_gets_another_folder(tmp_path: Path) -> None:
    assert [name for name, _ in names_of(tmp_path / "class", tmp_path, "ana.ipynb", "report.html.ipynb")] == [
        "ana",
        "report.html submission",
    ]
