"""The report of a class as its teachers meet it: in a browser, by keyboard, in light and dark, on paper, and without scripts.

What the browser showed lies in build/browser/ then, to be looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page

from autograder.intake.graded import Student
from autograder.report.report import write_page, write_report
from tests.browser import lab
from tests.made_class import check, class_of, graded, question

pytestmark = pytest.mark.filterwarnings("ignore")  # what a driver of browsers warns of

TITLE = "The closed-form KL, and what is made of it"
EVIL = "<script>document.title = 'taken'</script>"
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    try:
        lab.chromium(), lab.axe()
    except lab.Missing as why:
        pytest.exit(str(why), returncode=1)
    lab.BUILD.mkdir(parents=True, exist_ok=True)
    with lab.browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class of sixty, somebody who tries to take the page over among them."""
    folder = tmp_path_factory.mktemp("class") / "Ergebnisse für alle"
    evil = question("q1", check("test_0_1", "failed", message=f"got {EVIL}"))
    those = [*class_of(58), graded("zoe", evil, who=(Student(f"Zoe {EVIL}", section="A"),), staff=["a hint failed"])]
    those.append(
        graded("lost", question("q1", check("test_0_1", "grader_error")), grader_error=True, staff=["Traceback\nValueError: ours"])
    )
    for one in those:
        write_page(one, TITLE, folder)
    return write_report(those, TITLE, folder, lambda name, id: f"def gaussian_kl(mu, logvar):\n    return mu  # {name}, {id}")


@contextmanager
def opened(browser: Browser, path: Path, **options: Any) -> Iterator[Page]:
    """The page, which must not complain."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, **options)
    page, said = context.new_page(), list[str]()
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: said.append(request.url) if not request.url.startswith("file:") else None)
    page.goto(path.as_uri())
    yield page
    context.close()
    assert said == []


def shown(page: Page, column: int) -> list[str]:
    """A column of the table of all, as far as it is to be seen."""
    cells = page.locator(f"#all tbody tr:not([hidden]) > :nth-child({column})")
    return [text.strip() for text in cells.all_inner_texts()]


def column(page: Page, title: str) -> int:
    return 1 + next(i for i, text in enumerate(page.locator("#all thead th").all_inner_texts()) if text.startswith(title))


def serious(page: Page) -> list[Any]:
    page.evaluate(lab.axe())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    wrong = [one for one in found["violations"] if one["impact"] in ("serious", "critical")]
    return [(one["id"], one["help"], [node["html"][:200] for node in one["nodes"][:5]]) for one in wrong]


# --- sorting and filtering ----------------------------------------------------------------------------------------------


def test_the_table_sorts_by_keyboard(browser: Browser, report: Path) -> None:
    with opened(browser, report) as page:
        points, button = column(page, "Points"), page.get_by_role("button", name="Points").last
        before = shown(page, points)
        button.focus()
        for key, order, reverse in (("Enter", "ascending", False), ("Space", "descending", True)):
            page.keyboard.press(key)
            assert shown(page, points) == sorted(before, key=float, reverse=reverse) != before
            assert page.locator("#all th[aria-sort]").evaluate("th => [th.ariaSort, th.textContent]") == [order, "Points"]
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Shift+Tab")  # over "Section" to "Submission"
        page.keyboard.press("Enter")
        names = [name.casefold() for name in shown(page, column(page, "Submission"))]
        assert names[0].startswith("ana") and names[-1].startswith("zoe")


def test_the_table_filters_by_keyboard(browser: Browser, report: Path) -> None:
    with opened(browser, report) as page:
        points, late, section = column(page, "Points"), column(page, "Late"), column(page, "Section")
        page.get_by_label("Least points").focus()
        page.keyboard.type("50")
        page.keyboard.press("Tab")
        page.keyboard.type("80")
        found = [float(text) for text in shown(page, points)]
        assert 0 < len(found) < 60 and min(found) >= 50 and max(found) <= 80
        assert page.locator("#shown").inner_text() == f"{len(found)} of 60 shown"
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")  # show all
        page.wait_for_timeout(50)
        assert len(shown(page, points)) == 60
        page.get_by_label("Section").focus()
        page.keyboard.type("A")
        assert set(shown(page, section)) == {"A"}
        page.keyboard.press("Tab")
        page.keyboard.type("late")
        assert set(shown(page, section)) == {"A"} and set(shown(page, late)) == {"late"} and len(shown(page, late)) < 10
        page.get_by_role("button", name="Show all").press("Enter")
        page.get_by_label("Name or remark").focus()
        page.keyboard.type("grader error")
        assert shown(page, column(page, "Submission")) == ["lost"]


# --- links --------------------------------------------------------------------------------------------------------------


def test_a_slip_leads_to_the_students_row_and_page(browser: Browser, report: Path) -> None:
    with opened(browser, report) as page:
        slips = page.locator("section", has=page.locator("#slips"))
        if slips.locator("details").count():
            slips.locator("summary").first.press("Enter")
        name, row = slips.locator(".who li").first.locator("a").all()
        student = name.inner_text()
        page.get_by_label("Name or remark").fill("nobody at all")
        row.press("Enter")  # to a row that is filtered out
        page.wait_for_timeout(50)
        target = page.locator("#all tr:target")
        assert target.is_visible() and student.partition(" (")[0] in target.inner_text()
        target.locator("a").press("Enter")
        page.wait_for_url("**/index.html")
        assert student.partition(" (")[0] in page.locator("header").inner_text() and page.get_by_text("Hint:").count()


def test_every_students_page_is_there(browser: Browser, report: Path) -> None:
    with opened(browser, report) as page:
        links = page.locator("#all tbody th a").evaluate_all("links => links.map(link => link.href)")
        assert len(set(links)) == 60
        for link in links[:3] + links[-2:]:
            page.goto(link)
            assert page.locator("h1").inner_text() == TITLE


def test_the_first_tab_skips_to_the_report(browser: Browser, report: Path) -> None:
    with opened(browser, report) as page:
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "To the report"


# --- how it looks -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing_serious(browser: Browser, report: Path, scheme: Literal["light", "dark"]) -> None:
    with opened(browser, report, color_scheme=scheme) as page:
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        assert serious(page) == []
        page.screenshot(path=lab.BUILD / f"report opened {scheme}.png", full_page=True)
    with opened(browser, report.parent / "zoe" / "index.html", color_scheme=scheme) as page:
        assert serious(page) == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_page_on_a_telephone_scrolls_one_way(browser: Browser, report: Path, scheme: Literal["light", "dark"]) -> None:
    with opened(browser, report, color_scheme=scheme) as page:
        page.set_viewport_size({"width": 360, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") == 360
        page.screenshot(path=lab.BUILD / f"report narrow {scheme}.png")


def test_what_is_folded_is_on_paper(browser: Browser, report: Path) -> None:
    with opened(browser, report) as page:
        page.pdf(path=lab.BUILD / "report.pdf", format="A4")
        page.emulate_media(media="print")
        folded = page.locator("details:not([open]) td").first
        assert folded.is_visible() and not page.locator("nav").is_visible() and not page.locator("#filters").is_visible()


def test_what_a_student_wrote_is_text(browser: Browser, report: Path) -> None:
    with opened(browser, report) as page:
        assert page.title() == f"{TITLE}: class report"
        assert page.locator("#all tbody th", has_text=EVIL).count() == 1
        page.goto((report.parent / "zoe" / "index.html").as_uri())
        assert page.get_by_text(f"got {EVIL}").count() == 1 and EVIL in page.title()


def test_without_scripts_all_is_there(browser: Browser, report: Path) -> None:
    with opened(browser, report, java_script_enabled=False) as page:
        assert page.locator("#all tbody tr").count() == 60 and not page.locator("#filters").is_visible()
        assert page.locator("th button").count() == 0
        page.locator("summary").first.press("Enter")
        page.locator("#all tbody a").first.click()
        assert page.locator("h1").inner_text() == TITLE
