"""The report of a class: its numbers against those computed by hand, and its pages whatever students call themselves."""

from __future__ import annotations

import re
import time
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest

from autograder.authors import contents
from autograder.intake.graded import Graded, Student
from autograder.report.attention import concerns
from autograder.report.report import PAGES, rows_of, write_page, write_report
from autograder.report.slips import slips, unexplained
from autograder.report.statistics import Share, correlation, items, never_failed, scores, slowest, wilson
from tests.made_class import LAYERS, check, class_of, graded, question

TITLE = "A lesson"
EVIL = "<script>alert(1)</script>"


def near(*values: float) -> object:
    return pytest.approx(values, abs=5e-4)


def names(those: tuple[Graded, ...]) -> list[str]:
    return [one.name for one in those]


def page_of(those: list[Graded], folder: Path) -> str:
    return write_report(those, TITLE, folder).read_text(encoding="utf-8")


class Page(HTMLParser):
    """What a browser would make of a page: its elements, and its text without scripts and style."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.said: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.elements and self.elements[-1][0] not in ("script", "style"):
            self.said.append(data)

    @property
    def text(self) -> str:
        return "".join(self.said)

    def values(self, attribute: str) -> list[str]:
        return [attributes[attribute] or "" for _, attributes in self.elements if attribute in attributes]

    def count(self, tag: str) -> int:
        return sum(name == tag for name, _ in self.elements)


# --- formulas -----------------------------------------------------------------------------------------------------------


def test_wilsons_interval() -> None:
    """By hand, with z² = 3.8415: (8 + 1.9207 ± 1.96 · sqrt(1.6 + 0.9604)) / 13.8415, and n = 10 of 0 and of 10."""
    assert wilson(8, 10) == near(0.4902, 0.9433)
    assert wilson(0, 10) == near(0, 0.2775) and wilson(10, 10) == near(0.7225, 1)
    assert wilson(0, 0) is None and Share(0, 0).value is None
    low, high = wilson(1, 1) or (0, 0)
    assert 0 < low < 1 == high


def test_the_correlation_and_fishers_interval() -> None:
    """The means 3 and 8 lie 5 apart, the deviation of 1 to 10 is sqrt(8.25): r = 2.5 / 2.8723; artanh r = 1.3347 ± 1.96 / sqrt(7)."""
    found = correlation([0] * 5 + [1] * 5, range(1, 11))
    assert found and (found.r, found.low, found.high) == near(0.8704, 0.5325, 0.9690) and found.n == 10 and not found.negative
    turned = correlation([1] * 5 + [0] * 5, range(1, 11))
    assert turned and turned.negative and turned.high == pytest.approx(-found.low)
    assert (whole := correlation(range(10), range(10))) and (whole.r, whole.low, whole.high) == (1, 1, 1)


def test_no_correlation_of_few_or_of_what_is_the_same_for_all() -> None:
    assert correlation(range(9), range(9)) is None
    assert correlation([1] * 20, range(20)) is None and correlation(range(20), [0.1 + 0.2] * 20) is None
    assert correlation([float("nan")] * 2 + [*range(9)], range(11)) is None  # nine pairs


# --- questions, checks and scores ---------------------------------------------------------------------------------------


@pytest.fixture
def five() -> list[Graded]:
    return [
        graded("ana", question("q1", check("a", points=3), check("b", hidden=True)), seconds=2),
        graded("ben", question("q1", check("a", "failed", 3, hint="mind the ½"), check("b", hidden=True)), seconds=9),
        graded("cai", question("q1", check("a", "timed_out", 3), check("b", "missing")), seconds=1),
        graded("dee", question("q1", check("a", "grader_error", 3), check("b")), grader_error=True, staff=["Traceback: ours"]),
        graded("eva", question("q1", check("a", "missing", 3)), refused=True, output="Not graded. It is no notebook."),
    ]


def test_shares_leave_out_who_was_not_graded_and_what_was_our_fault(five: list[Graded]) -> None:
    [whole] = items(five)
    a, b = whole.checks
    assert {kind: share.count for kind, share in a.shares.items()} == {"passed": 1, "failed": 1, "crashed": 1, "not attempted": 0}
    assert a.n == 3 and a.difficulty == pytest.approx(1 / 3) and a.discrimination is None
    assert b.n == 4 and b.shares["passed"].count == 3 and b.shares["not attempted"].count == 1 and b.difficulty == 0.75
    assert (whole.points, whole.title, whole.n) == (4, "Question 1", 3) and whole.difficulty == pytest.approx((4 + 1 + 0) / 12)
    assert [item.name for item in never_failed([whole])] == ["b"]


def test_scores_are_those_that_are_grades(five: list[Graded]) -> None:
    found = scores(five)
    assert (found.n, found.possible, found.mean, found.median, found.low, found.high) == (3, 4, pytest.approx(5 / 3), 1, 0, 4)
    assert found.bins == (1, 0, 1, 0, 0, 0, 0, 0, 0, 1)
    assert [one.name for one in slowest(five, 2)] == ["ben", "ana"]


def test_a_tenth_begins_with_its_first_score() -> None:
    those = [graded(str(n), question("q1", check("a", points=n / 10), check("b", "failed", 1 - n / 10))) for n in range(11)]
    assert scores(those).bins == (1,) * 9 + (2,)


def test_a_check_is_held_against_all_else_but_itself() -> None:
    """q1's only check is passed by those who fail all of q2: -1 with the rest, though it is most of the score."""
    those = [
        graded(str(n), question("q1", check("a", "failed" if n % 2 else "passed", 5)), question("q2", check("b", "passed" if n % 2 else "failed")))
        for n in range(12)
    ]  # fmt: skip
    first, second = items(those)
    for item in (first, second, *first.checks):
        assert item.discrimination and item.discrimination.r == -1 and item.discrimination.negative


def test_a_question_in_two_entries_is_one() -> None:
    """As where choices are told later."""
    [item] = items([graded("ana", question("q1", check("a")), question("q1", check("b", "failed")))])
    assert [one.name for one in item.checks] == ["a", "b"] and item.points == 2 and item.difficulty == 0.5
    assert item.shares["failed"].count == 1


# --- slips --------------------------------------------------------------------------------------------------------------


def test_slips_by_frequency_with_who_made_them() -> None:
    often, once = check("a", "failed", hint="often"), check("a", "failed", hint="once")
    those = [graded("ana", question("q1", once)), graded("ben", question("q1", often)), graded("cai", question("q1", often, check("b", "crashed")))]  # fmt: skip
    assert [(slip.hint, slip.checks, names(slip.who)) for slip in slips(those)] == [
        ("often", ("a",), ["ben", "cai"]),
        ("once", ("a",), ["ana"]),
    ]
    assert unexplained(those) == []  # the hint at a explains b


def test_failures_without_a_hint_by_check_and_message() -> None:
    """What the same people are told at several checks is said once; a name that is missing needs no hint."""
    here, there = check("a", "failed", message="2 is not 3"), check("b", "failed", message="2 is not 3")
    hinted = question("q2", check("c", "failed", hint="named"))
    those = [
        graded("ana", question("q1", here, there), hinted),
        graded("ben", question("q1", here, there)),
        graded("cai", question("q1", check("a", "crashed", message="boom"), check("b", "missing"))),
    ]
    assert [(one.question, one.checks, one.status, one.message, names(one.who)) for one in unexplained(those)] == [
        ("q1", ("a", "b"), "failed", "2 is not 3", ["ana", "ben"]),
        ("q1", ("a",), "crashed", "boom", ["cai"]),
    ]


def test_what_needs_a_human_comes_in_order(five: list[Graded]) -> None:
    open_door = graded("fay", question("q1", check("a")), confinement=LAYERS | {"seccomp": "unavailable: too old"})
    held = graded("gil", question("q1", check("a")), confinement=LAYERS | {"user": "unavailable: not root", "a try": "skipped: no"})
    noted = graded("ida", question("q1", check("a")), staff=["No hint could be looked for"])
    found = [(one.kind, names(one.who)) for one in concerns([noted, open_door, held, *five])]
    assert found == [("Grader error", ["dee"]), ("Not graded", ["eva"]), ("Not confined", ["fay"]), ("Layer missing", ["gil"]), ("Timed out", ["cai"]), ("Word for the staff", ["ida"])]  # fmt: skip
    assert concerns([graded("ana", question("q1", check("a")))]) == []


# --- pages --------------------------------------------------------------------------------------------------------------


def test_what_students_write_stays_text(tmp_path: Path) -> None:
    wrong = check("a", "failed", message=f"got {EVIL}"), check("b", "failed", message=f"\u202e{EVIL}", hint=f"not {EVIL}")
    one = graded(EVIL.replace("/", "_"), question("q1", *wrong), question("q2", wrong[0]), who=(Student(f"Ana {EVIL}", f'"{EVIL}', section=f"'{EVIL}"),),
                 output=f"Cell 3 {EVIL}", staff=[EVIL], confinement={"seccomp": f"unavailable: {EVIL}"})  # fmt: skip
    for path in (
        write_report([one], f"{EVIL} & co", tmp_path, lambda name, id: f"x = '{EVIL}{name}{id}'"),
        write_page(one, EVIL, tmp_path),
    ):
        text = path.read_text(encoding="utf-8")
        assert "<script>alert" not in text and "\u202e" not in text
        found = Page(text)
        assert found.count("script") == (path.name == "report.html") and found.text.count(EVIL) >= 4
    assert "Traceback" not in text and "seccomp" not in text  # what is the staff's is on no student's page


def test_a_link_leads_to_the_page_whatever_its_folder_is_called(tmp_path: Path) -> None:
    those = [graded(name, question("q1", check())) for name in ("javascript:alert(1)", "a b#c?d", "é%41", "..x", "x\udcff")]
    found = Page(page_of(those, tmp_path))
    for one in those:
        assert write_page(one, TITLE, tmp_path).is_file()
    pages = [link for link in found.values("href") if link.endswith("/index.html")]
    assert {(tmp_path / unquote(link, errors="surrogateescape")).is_file() for link in pages} == {True} and len(set(pages)) == 5
    assert not any(":" in link for link in pages)


def test_every_link_inside_the_page_leads_somewhere(tmp_path: Path) -> None:
    found = Page(page_of(class_of(60), tmp_path))
    ids = found.values("id")
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in found.values("href") if link.startswith("#")} <= set(ids)
    assert found.count("caption") == found.count("table") > 10
    assert all(attributes.get("scope") for tag, attributes in found.elements if tag == "th")


def test_nothing_in_the_page_needs_the_network(tmp_path: Path) -> None:
    text = page_of(class_of(30), tmp_path)
    found = Page(text)
    assert not found.values("src") and not found.count("link") and not found.count("iframe") and "@import" not in text
    assert not re.search(r"url\(|https?:|fetch\(|XMLHttp", text)
    [policy] = [a["content"] or "" for tag, a in found.elements if tag == "meta" and a.get("http-equiv")]
    assert policy.startswith("default-src 'none'") and "script-src 'sha256-" in policy


def test_two_thousand_students(tmp_path: Path) -> None:
    those, before = class_of(2000), time.process_time()
    path = write_report(those, TITLE, tmp_path, lambda name, id: "x = 1\n" * 2000)
    assert time.process_time() - before < 10
    assert 1_500_000 < path.stat().st_size < 3_000_000
    text = path.read_text(encoding="utf-8")
    assert text.count("<tr id=") == 2000 and re.search(r"<p>and \d+ more</p>", text) and "The code of" in text


def test_an_empty_class_and_a_class_of_one(tmp_path: Path) -> None:
    nobody = Page(page_of([], tmp_path))
    assert "Nobody has handed in." in nobody.text and "Nothing: the grader did not fail" in nobody.text
    alone = Page(page_of([graded("ana", question("q1", check("a"), check("b", "failed")))], tmp_path))
    assert re.search(r"mean\s*1\.0\s*median\s*1\.0", alone.text) and "▼" not in alone.text
    refused = Page(page_of([graded("eva", refused=True), graded("dee", grader_error=True)], tmp_path))  # without any question
    assert "not graded" in refused.text and "grader error" in refused.text


def test_students_with_the_same_name_are_told_apart(tmp_path: Path) -> None:
    those = [graded(f"li_{n}", question("q1", check("a", "failed")), who=(Student("Ana Li", sid=f"77{n}"),)) for n in (1, 2)]
    those.append(graded("team", question("q1", check("a")), who=(Student("Ben"), Student("Cai"))))
    assert [row.label for row in rows_of(those)] == ["Ana Li (li_1)", "Ana Li (li_2)", "Ben, Cai"]
    assert [row.about for row in rows_of(those)] == ["771", "772", "team"]
    assert len({link for link in Page(page_of(those, tmp_path)).values("href") if link.endswith("index.html")}) == 3


def test_a_students_page_says_what_was_lost_and_why(tmp_path: Path) -> None:
    mixed = question("q1", check("a", helped=True), check("b", "failed", 2, message="2 is not 3", hint="mind the ½", hidden=True))
    alike = question("q2", check("c", "crashed", message="boom"), check("d", "crashed", message="boom"))
    one = graded("ana", mixed, alike, question("q3", check("e", "not_attempted")), late=True)
    text = " ".join(Page(write_page(one, TITLE, tmp_path).read_text(encoding="utf-8")).text.split())
    assert "1 of 6" in text and "late" in text and "Hint: mind the ½" in text and "in place of yours" in text
    assert text.count("boom") == 1 and "this question is not attempted yet" in text


def test_the_pages_are_shipped_with_the_program() -> None:
    shipped = contents.program()
    assert {f"autograder/report/pages/{path.name}" for path in PAGES.iterdir()} <= set(shipped) and len(list(PAGES.iterdir())) > 4
