"""The pieces to touch: their numbers, their keys, what stands where they cannot, and what they ask of anybody else (nothing)."""

import base64
import json
import math
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
import torch

from autograder.pieces import archive
from tests.lesson.test_lesson import ASSIGNMENT, DIGITS, FILES, Toy, touch

CHROMIUM = Path("/usr/bin/chromium")
CARD = ".vae-touch"
PLACES = [(-0.5, 0.5, -1.0), (1.5, -1.5, 1.0), (0.0, 0.0, 0.0), (-1.25, 1.0, -3.0), (0.75, -0.25, 0.5)]  # ε, μ, log σ²


def by_autograd(eps, mu, logvar):
    """Question 7's model at another place, differentiated by torch; nothing of touch.py is used."""
    mu, logvar = (torch.tensor(value, dtype=torch.float64, requires_grad=True) for value in (mu, logvar))
    sigma = torch.exp(logvar / 2)
    z = mu + sigma * eps
    x_hat = 1.2 * z + 0.1
    recon = (3 - x_hat) ** 2 / 2
    kl = torch.distributions.kl_divergence(torch.distributions.Normal(mu, sigma), torch.distributions.Normal(0.0, 1.0))
    found = {"sigma": sigma, "z": z, "x_hat": x_hat, "recon": recon, "kl": kl, "loss": recon + kl}
    for key, term in (("z", recon), ("kl", kl), ("sum", recon + kl)):
        found[f"mu_{key}"], found[f"logvar_{key}"] = torch.autograd.grad(term, (mu, logvar), retain_graph=True)
    return {name: value.item() for name, value in found.items()}


class Drawn(Toy):
    """A decoder whose images can be told by hand: pixel 0 has the ink σ(z₁), pixel 1 σ(z₂), the others none."""

    def decode(self, z):
        return torch.cat([z, torch.full((len(z), 62), -50.0)], dim=1)


def the_plane():
    return touch.plane(Drawn(), DIGITS[0][:60], DIGITS[1][:60])


# --- in Python ---


@pytest.mark.parametrize("place", PLACES)
def test_the_still_picture_says_what_autograd_says(place):
    ours, theirs = touch._slopes(*place), by_autograd(*place)
    assert ours == {name: pytest.approx(theirs[name], abs=1e-12) for name in ours}
    assert {"z", "loss", "mu_sum", "logvar_sum"} <= ours.keys()


def test_no_slider_stands_where_question_7_asks():
    """Its numbers would be read off."""
    assert (touch.X, touch.WEIGHT, touch.BIAS) == (3, 1.2, 0.1)
    for name, asked in (("mu", 0.8), ("logvar", -0.4)):
        low, high, start = touch.SLIDERS[name]
        places = [low + i * touch.QUARTER for i in range(round((high - low) / touch.QUARTER) + 1)]
        assert start in places and places[-1] == high
        assert low < asked < high and min(abs(place - asked) for place in places) > 0.04


def test_the_plane_carries_the_decoded_images():
    state = the_plane().state
    facts, images = state["facts"], torch.frombuffer(bytearray(state["images"]), dtype=torch.uint8).reshape(25, 25, 64)
    assert (facts["side"], facts["reach"]) == (25, 3) and len(state["images"]) == 40_000
    for row, column in ((0, 0), (24, 3), (12, 12)):
        z1, z2 = column / 4 - 3, row / 4 - 3
        wanted = [round(255 / (1 + math.exp(-z1))), round(255 / (1 + math.exp(-z2))), *[0] * 62]
        assert images[row, column].tolist() == wanted


def test_a_model_of_another_form_is_told_in_a_sentence(capsys):
    from vae_lesson import picture

    class Short(Toy):
        def decode(self, z):
            return super().decode(z)[:10]

    with picture.shown():
        touch.plane(Short(), *DIGITS).show()
    told = "This picture waits for `model`: it returned the shape (10, 64), and this needs (625, 64)."
    assert told in capsys.readouterr().out


# --- what stands where it cannot move ---


SHOW = """\
import json, sys
{before}
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from vae_lesson import picture, touch
shell = InteractiveShell.instance()
with capture_output() as said:
    with picture.shown():
        touch.step().show()
print(json.dumps([[sorted(output.data), output.data["text/plain"], "<img alt=" in output.data.get("text/html", "")] for output in said.outputs]))
"""
WIDGET = "application/vnd.jupyter.widget-view+json"


@pytest.mark.parametrize(
    "before",
    ["sys.modules['anywidget'] = None", "import types; sys.modules['anywidget'] = types.ModuleType('anywidget')"],
    ids=["not installed", "another one"],
)
def test_without_anywidget_there_is_the_still_picture(before):
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", SHOW.format(before=before)], cwd=FILES, capture_output=True, text=True, check=True
    )
    [[kinds, words, has_image]] = json.loads(run.stdout)
    assert kinds == ["text/html", "text/plain"] and has_image and words == touch.step().alt


@pytest.mark.filterwarnings("ignore")
def test_in_a_notebook_the_still_picture_comes_first_and_stays(tmp_path):
    """As nbclient runs it, with no front end: the file has the picture, and the widget's own state if that is kept."""
    pytest.importorskip("anywidget")
    from nbclient import NotebookClient

    data = {f"vae_lesson/{path}": content for path, content in archive.read_folder(ASSIGNMENT / "data").items()}
    archive.write_folder(tmp_path, archive.read_folder(FILES) | data)
    source = "from vae_lesson import picture, touch\nwith picture.shown():\n    touch.step().show()"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()
    still, live = notebook.cells[0].outputs
    assert '<img alt="One latent' in still.data["text/html"] and touch.STILL in still.data["text/html"]
    assert WIDGET not in still.data and WIDGET in live.data
    states = notebook.metadata.widgets["application/vnd.jupyter.widget-state+json"]["state"]
    state = states[live.data[WIDGET]["model_id"]]["state"]
    assert f'class="{state["still"]}"' in still.data["text/html"] and "export default" in state["_esm"]


def test_two_pieces_have_stills_of_their_own():
    """Else the one that is there would hide the still picture of one that is not."""
    other = touch.plane(Toy(), DIGITS[0][:60], DIGITS[1][:60])
    assert len({the_plane().state["still"], other.state["still"], touch.step().state["still"]}) == 3
    assert the_plane().state["still"] == the_plane().state["still"]


# --- in a browser ---


PAGE = """\
<!doctype html><meta charset="utf-8"><style>{css}</style>
<div class="{still}" id="still">the still picture</div><div id="widget"></div>
<script type="module">
const url = URL.createObjectURL(new Blob([{esm}], {{ type: "text/javascript" }}));
window.touch = await import(url);
const bytes = Uint8Array.from(atob("{images}"), (c) => c.charCodeAt(0));
window.state = {{ kind: {kind}, facts: {facts}, still: "{still}", images: new DataView(bytes.buffer) }};
window.remove = window.touch.default.render({{ model: {{ get: (key) => window.state[key] }}, el: document.querySelector("#widget") }});
</script>"""


@pytest.fixture(scope="module")
def browser():
    if not CHROMIUM.exists():
        pytest.skip(f"needs {CHROMIUM} (apt-get install chromium)")
    playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield browser
        browser.close()


@pytest.fixture
def opened(browser):
    """Opens a piece in a bare page. Whatever went wrong there, or was asked of a network, fails the test at its end."""
    pages, troubles = [], []

    def open_piece(piece, **options):
        page = browser.new_page(viewport={"width": 900, "height": 700}, **options)
        pages.append(page)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
        page.on("request", lambda request: troubles.append(request.url) if not request.url.startswith(("blob:", "data:")) else None)
        files = {key: (FILES / "vae_lesson" / f"touch.{key}").read_text("utf-8") for key in ("css", "js")}
        state = piece.state
        page.set_content(
            PAGE.format(
                css=files["css"],
                esm=json.dumps(files["js"]).replace("</", "<\\/"),
                kind=json.dumps(state["kind"]),
                facts=json.dumps(state["facts"]),
                still=state["still"],
                images=base64.b64encode(state["images"]).decode(),
            )
        )
        page.wait_for_selector(CARD)
        return page

    yield open_piece
    for page in pages:
        page.close()
    assert troubles == []


def said(page, name):
    return float(page.locator(f'[data-name="{name}"]').text_content().replace("−", "-"))


def shown_values(page):
    return {name: said(page, name) for name in by_autograd(0.0, 0.0, 0.0)}


def rounded(values):
    return {name: pytest.approx(value, abs=5.1e-5) for name, value in values.items()}


@pytest.mark.parametrize("place", PLACES)
def test_the_front_end_has_the_same_formulas(opened, place):
    page = opened(touch.step())
    eps, mu, logvar = place
    found = page.evaluate("(at) => window.touch.slopes(window.state.facts, at)", {"eps": eps, "mu": mu, "logvar": logvar})
    assert found == {name: pytest.approx(value, abs=1e-12) for name, value in by_autograd(*place).items()}


def test_sliders_are_moved_by_keys_and_everything_follows(opened):
    page = opened(touch.step())
    eps, mu, logvar = (touch.SLIDERS[name][2] for name in ("eps", "mu", "logvar"))
    assert shown_values(page) == rounded(by_autograd(eps, mu, logvar))
    arrow = page.locator(f"{CARD} svg path").last.get_attribute("d")
    keys = ["Tab", "ArrowRight", "ArrowRight", "Tab", "ArrowLeft", "Tab", "End", "ArrowLeft"]
    for key in keys:
        page.keyboard.press(key)
    eps, mu, logvar = eps + 0.5, mu - 0.25, 0.75
    assert shown_values(page) == rounded(by_autograd(eps, mu, logvar))
    assert page.locator(f"{CARD} svg path").last.get_attribute("d") != arrow
    live = page.locator("[aria-live]").text_content()
    at = by_autograd(eps, mu, logvar)
    assert f"the loss {at['loss']:.4f}" in live and "a step raises μ and lowers log σ²" in live
    assert at["mu_sum"] < 0 < at["logvar_sum"]


def test_arrows_point_where_their_numbers_say(opened):
    """Tips lie on the side of zero that the sign says, as far as the scale says, all six on one scale."""
    page = opened(touch.step())
    tips = page.evaluate(
        """() => [...document.querySelectorAll("svg [data-name]")].map((number) => {
          const head = number.previousElementSibling;
          return [number.dataset.name, Number(head.getAttribute("d").match(/^M([-\\d.e]+)/)[1]) - 410];
        })"""
    )
    at = by_autograd(*(touch.SLIDERS[name][2] for name in ("eps", "mu", "logvar")))
    assert len(tips) == 6
    for name, reach in tips:
        assert reach / 190 * 5 == pytest.approx(at[name], abs=1e-9), name


def test_sliders_have_names_and_the_arrows_have_words(opened):
    page = opened(touch.step())
    for words in ("noise ε", "mean μ", "log σ²"):
        assert page.get_by_role("slider", name=words, exact=True).count() == 1
    described = page.get_by_role("img").get_attribute("aria-label")
    assert "−3.1967 through z, 0.5000 from the KL" in described


def pixels(page):
    return page.evaluate('() => [...document.querySelector("canvas").getContext("2d").getImageData(0, 0, 8, 8).data]')


def ink(z):
    return 255 / (1 + math.exp(-z))


def test_arrow_keys_move_the_point_and_the_image_changes(opened):
    page = opened(the_plane())
    before = pixels(page)
    assert before[:12:4] == pytest.approx([255 - ink(0), 255 - ink(0), 255], abs=1)
    page.keyboard.press("Tab")
    for key in ("ArrowRight", "Shift+ArrowUp", "Shift+ArrowUp", "ArrowUp", "ArrowDown"):
        page.keyboard.press(key)
    assert "z₁ = 0.10, z₂ = 1.00" in page.locator("[aria-live]").text_content()
    assert pixels(page) != before
    assert pixels(page)[:12:4] == pytest.approx([255 - ink(0.1), 255 - ink(1.0), 255], abs=2)
    for _ in range(20):
        page.keyboard.press("Shift+ArrowLeft")
    assert "z₁ = −3.00, z₂ = 1.00" in page.locator("[aria-live]").text_content()  # the edge holds it
    page.keyboard.press("Home")
    assert pixels(page) == before


def test_the_point_is_dragged(opened):
    page = opened(the_plane())
    before, box = pixels(page), page.locator(".map").bounding_box()
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    unit = box["width"] * (420 - 2 * 34) / 420 / 6
    page.mouse.move(*middle)
    page.mouse.move(middle[0] + unit, middle[1])
    assert pixels(page) == before  # no button is down
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] + 2 * unit, middle[1] + unit, steps=3)
    page.mouse.up()
    page.mouse.move(*middle)
    assert pixels(page)[:8:4] == pytest.approx([255 - ink(2), 255 - ink(-1)], abs=2)
    label = page.get_by_role("img", name="The decoded image at").get_attribute("aria-label")
    z1, z2 = (float(part.split("=")[1].replace("−", "-")) for part in label.split(","))
    assert (z1, z2) == (pytest.approx(2, abs=0.02), pytest.approx(-1, abs=0.02))


def test_between_decoded_points_the_image_is_interpolated(opened):
    """Halfway along one axis the average of two, in the middle of a square that of four; on a point the point itself."""
    page = opened(touch.plane(Toy(), DIGITS[0][:60], DIGITS[1][:60]))
    images = page.evaluate("() => [...new Uint8Array(window.state.images.buffer)]")

    def at(row, column):
        return images[(row * 25 + column) * 64 :][:64]

    def found(z1, z2):
        return page.evaluate(
            "(z) => window.touch.decoded(new Uint8Array(window.state.images.buffer), window.state.facts, z)", [z1, z2]
        )

    assert found(-3, 3) == at(24, 0) and found(0.25, -0.5) == at(10, 13) and found(9, 9) == at(24, 24)
    assert found(0.125, 0) == [(a + b) / 2 for a, b in zip(at(12, 12), at(12, 13), strict=True)]
    four = [at(12, 12), at(12, 13), at(13, 12), at(13, 13)]
    assert found(0.125, 0.125) == [sum(pixel) / 4 for pixel in zip(*four, strict=True)]


def test_the_plane_has_a_role_a_name_and_a_word_for_what_is_near(opened):
    piece = the_plane()
    page = opened(piece)
    assert page.get_by_role("application", name="arrow keys move the point").count() == 1
    nearest = min(piece.state["facts"]["codes"], key=lambda code: math.hypot(*code[:2]))
    assert f"The nearest image on the map is a {nearest[2]}." in page.locator("[aria-live]").text_content()


@pytest.mark.parametrize("kind", ["step", "plane"])
def test_the_live_piece_hides_its_still_picture_as_long_as_it_is_there(opened, kind):
    page = opened(touch.step() if kind == "step" else the_plane())
    assert not page.locator("#still").is_visible()
    page.evaluate("window.remove()")
    assert page.locator("#still").is_visible()


@pytest.mark.parametrize("kind", ["step", "plane"])
def test_keys_stay_in_the_piece(opened, kind):
    """A notebook takes arrow keys for "choose the next cell"."""
    page = opened(touch.step() if kind == "step" else the_plane())
    page.evaluate("() => { window.heard = []; document.addEventListener('keydown', (event) => window.heard.push(event.key)); }")
    page.keyboard.press("Tab")
    for key in ("ArrowDown", "ArrowRight", "Home", "Escape"):
        page.keyboard.press(key)
    assert set(page.evaluate("window.heard")) <= {"Tab", "Escape"}
    assert page.locator(f"{CARD}[data-lm-suppress-shortcuts=true]").count() == 1


@pytest.mark.parametrize("kind", ["step", "plane"])
def test_it_can_be_read_on_a_dark_page(opened, kind):
    """A white card with dark words, whatever the page's theme: WCAG's 4.5 : 1 for all of them; and nothing moves by itself."""
    page = opened(touch.step() if kind == "step" else the_plane(), color_scheme="dark", reduced_motion="reduce")
    page.add_style_tag(content="body { background: #111; color: #eee }")
    seen = page.evaluate(
        """() => [...document.querySelectorAll(".vae-touch *")].filter((e) => e.childNodes[0]?.nodeType === 3 && !e.hasAttribute("style"))
          .map((e) => { const s = getComputedStyle(e); return [e.textContent, e instanceof SVGElement ? s.fill : s.color]; })"""
    )
    assert len(seen) > 10
    for words, colour in seen:
        channels = [int(part) / 255 for part in colour.removeprefix("rgb(").removesuffix(")").split(",")]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
        assert 1.05 / (luminance + 0.05) >= 4.5, (words, colour)
    assert page.evaluate(f"getComputedStyle(document.querySelector('{CARD}')).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("document.getAnimations().length") == 0
