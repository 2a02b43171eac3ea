"""The lesson's own material: digits, pictures, worked numbers, length and sources."""

import hashlib
import html
import math
import re
import struct
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import torch
from torch import nn

ASSIGNMENT = Path(__file__).parents[2] / "assignment"
FILES = ASSIGNMENT / "files"
sys.path.insert(0, str(FILES))

from vae_lesson import clinic, diagrams, digits, plots, touch, training  # noqa: E402

CONFIG = tomllib.loads((ASSIGNMENT / "assignment.toml").read_text("utf-8"))
LESSON = {stem: (ASSIGNMENT / "lesson" / f"{stem}.md") for stem in CONFIG["order"] if stem not in CONFIG["questions"]}
TEXT = {stem: path.read_text("utf-8") for stem, path in LESSON.items()}
EVERYTHING = "\n".join(TEXT.values())
DIGITS = digits.load(ASSIGNMENT / "data" / "digits.csv.gz")


class Toy(nn.Module):
    """Enough of a VAE to draw: a linear encoder with σ below 1, a linear decoder."""

    latent_dim = 2

    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.to_mean, self.to_logits = nn.Linear(64, 2), nn.Linear(2, 64)

    def encode(self, x):
        mean = self.to_mean(x)
        return mean, torch.full_like(mean, -2.0)

    def decode(self, z):
        return self.to_logits(z)


def closed_form(mu, logvar):
    q = torch.distributions.Normal(mu, (logvar / 2).exp())
    return torch.distributions.kl_divergence(q, torch.distributions.Normal(0.0, 1.0)).sum(-1)


def every_plot():
    images, labels = DIGITS[0][:60], DIGITS[1][:60]
    levels, model = training.cross_entropy_levels(images), Toy()
    history = [{"loss": 30 - i / 50, "recon": 27 - i / 50, "kl": 3.0} for i in range(200)]
    history[99]["held_out"] = {"recon": 26.0, "kl": 2.5}
    torch.manual_seed(0)
    return {
        "estimators": plots.estimators(torch.randn(500) + 2, 5 * torch.randn(500) + 2, truth=2.0),
        "monte_carlo_kl": plots.monte_carlo_kl(closed_form, torch.tensor([1.0, -0.5]), torch.tensor([-1.0, 0.5]), samples=500),
        "curves": plots.curves(history, levels),
        "reconstructions": plots.reconstructions(model, images[:15]),
        "samples": plots.samples(torch.rand(45, 64)),
        "latent_space": plots.latent_space(model, images, labels),
        "walk": plots.walk(model),
        "side_by_side": plots.side_by_side(
            {0.5: (model, history), 2.0: (model, history)}, images, labels, levels, lambda model, n: torch.rand(n, 64)
        ),
        "price": plots.price({0.001: (model, history), 10.0: (model, history)}, levels),
        "kl_surface": plots.kl_surface({"a": (0, 1), "b": (1, 1), "c": (0, 2), "d": (1, 0.5)}),
        "sampler": plots.sampler(lambda mu, logvar: torch.normal(mu, (logvar / 2).exp()), draws=500),
        "step": touch.step(),
        "plane": touch.plane(model, images, labels),
        "three_pieces": diagrams.three_pieces(images, labels),
        "trick": diagrams.trick(),
        "noise": diagrams.noise(),
        "clouds": diagrams.clouds(),
        "two_stages": diagrams.two_stages(),
        "clinic": clinic.patients(ASSIGNMENT / "data" / "clinic.npz", ASSIGNMENT / "data" / "digits.csv.gz"),
    }


@pytest.fixture(scope="module")
def drawn():
    return every_plot()


NAMES = ["estimators", "monte_carlo_kl", "curves", "reconstructions", "samples", "latent_space", "walk", "side_by_side"]
NAMES += ["price", "kl_surface", "sampler", "step", "plane", "three_pieces", "trick", "noise", "clouds", "two_stages", "clinic"]


# --- the digits ---


# SHA-256 of scikit-learn 1.9.1's load_digits(): data, then target, as bytes.
SCIKIT_LEARNS = "87ff0c9e40dc7e2c0e34e7257799c2e3f3aec1a016363bb11cad869ec428a826"


def test_the_digits_are_the_ones_scikit_learn_ships():
    images, labels = DIGITS
    assert images.shape == (1797, 64) and images.dtype == torch.float32
    assert labels.shape == (1797,) and labels.dtype == torch.int64
    assert images.min() == 0 and images.max() == 1
    ours = (images * digits.LEVELS).byte().numpy().tobytes() + labels.byte().numpy().tobytes()
    assert hashlib.sha256(ours).hexdigest() == SCIKIT_LEARNS


def test_the_digits_are_credited():
    readme = (ASSIGNMENT / "data" / "README.md").read_text("utf-8")
    for credit in ("UCI", "CC BY 4.0", "10.24432/C50P49", "Alpaydin", "Kaynak"):
        assert credit in readme and credit in TEXT["where_next"]


def test_minibatches_cover_each_image_once_an_epoch():
    images = torch.arange(256.0)[:, None]
    batches = list(training.minibatches(images, epochs=2, history=[]))
    assert [len(b) for b in batches] == [128] * 4
    assert torch.equal(torch.cat(batches[:2]).sort(0).values, images)
    assert not torch.equal(torch.cat(batches[:2]), torch.cat(batches[2:]))


def test_held_out_images_are_looked_at_and_change_nothing():
    """Every 100 steps, with noise of their own: the batches and the training's own noise stay what they were."""
    images, model = DIGITS[0][:128], Toy()

    def trained(**watched):
        torch.manual_seed(0)
        history, drawn = [], []
        for x in training.minibatches(images, 200, history, **watched):
            history.append({"loss": 3.0, "recon": 2.0, "kl": 1.0})
            drawn.append((x[0], torch.randn(1)))
        return history, torch.cat([torch.cat(pair) for pair in drawn])

    history, drawn = trained(watched=(model, DIGITS[0][1500:]))
    assert [i for i, step in enumerate(history) if "held_out" in step] == [99, 199]
    assert torch.equal(drawn, trained()[1])
    mean, logvar = model.encode(DIGITS[0][1500:])
    assert history[99]["held_out"]["kl"] == pytest.approx(closed_form(mean, logvar).mean().item(), rel=1e-4)
    assert training.measured(model, images)["recon"] == pytest.approx(64 * math.log(2), rel=0.1)  # it knows nothing yet
    held_out = [
        line
        for line in plots.curves(history, training.cross_entropy_levels(images)).figure.axes[1].lines
        if line.get_marker() == "o"
    ]
    assert list(held_out[0].get_ydata()) == [history[99]["held_out"]["kl"], history[199]["held_out"]["kl"]]


def test_the_curve_grows_while_it_trains_and_leaves_its_place_to_the_picture(monkeypatch):
    """Shown every second with what there is, in a student's own form of numbers; the last line stands alone."""
    shown, clock = [], iter(range(10_000))
    monkeypatch.setattr(training.time, "monotonic", lambda: next(clock) / 20)
    monkeypatch.setattr(training.picture, "tell", lambda sentence, line=None, drawing="": shown.append(drawing) or "line")
    history = []
    for i, _ in enumerate(training.minibatches(DIGITS[0][:128], 400, history, watched=(Toy(), DIGITS[0][1500:]))):
        history.append({"loss": 30.0, "recon": torch.tensor(30 - i / 50), "kl": 1.0})
    points = [len(re.findall(r"[\d.]+,[\d.]+", re.search('points="([^"]*)"', svg)[1])) for svg in shown if svg]
    assert len(points) >= 5 and points == sorted(set(points)) and points[-1] >= 15
    assert shown[-1] == "" and max(svg.count("<circle") for svg in shown) == 3


def test_reference_levels_of_the_reconstruction():
    """Black and white images cost nothing to return exactly; two opposite ones have a grey mean: log 2 a pixel."""
    levels = training.cross_entropy_levels(torch.stack([torch.zeros(64), torch.ones(64)]))
    assert levels["perfect"] == 0
    assert levels["ignoring_z"] == pytest.approx(64 * math.log(2), rel=1e-6)


# --- the pictures ---


@pytest.mark.parametrize("name", NAMES)
def test_every_axis_has_a_label_with_its_unit(drawn, name):
    units = (
        r"\((count|number|column number|nats|units of z|% per bin|prior standard deviations|0 = paper, 1 = full)\)|nats per image"
        r"|\(nats for each unit of μ or log σ²\)"
    )
    for axes in drawn[name].figure.axes:
        if axes.get_label() == "<colorbar>":
            assert re.search(units, axes.get_ylabel())
            continue
        if not axes.axison:
            continue  # a drawing in inches
        assert re.search(units, axes.get_xlabel()), (name, axes.get_xlabel())
        first = drawn[name].figure.axes[0]
        if axes is not first and axes.get_shared_y_axes().joined(axes, first):
            continue  # its neighbour says it
        if not axes.get_yticks().size:
            continue  # a line, with curves to be seen and not to be read off
        names_its_rows = re.match("original|noise ε|β = |slope in ", axes.get_yticklabels()[0].get_text())
        assert names_its_rows or re.search(units, axes.get_ylabel()), (name, axes.get_ylabel())


@pytest.mark.parametrize("name", NAMES)
def test_every_picture_carries_its_description(drawn, name):
    bundle = drawn[name]._repr_mimebundle_()
    assert bundle["text/plain"] == drawn[name].alt == repr(drawn[name])
    alt = re.match(r'<img alt="([^"]*)" .*src="data:image/png;base64,', bundle["text/html"])
    assert html.unescape(alt[1]) == drawn[name].alt and len(drawn[name].alt) > 40


def test_pictures_are_the_same_bytes_each_time(drawn):
    assert drawn["samples"].png() == drawn["samples"].png()
    width, _ = struct.unpack(">II", drawn["samples"].png()[16:24])
    assert width == 1100


def test_the_monte_carlo_average_ends_at_the_closed_form():
    """50,000 draws of a log-ratio with standard deviation below 1.3: six standard errors are 0.035 nats (two-sided, 2e-9)."""
    torch.manual_seed(0)
    mu, logvar = torch.tensor([1.0, -0.5]), torch.tensor([-1.0, 0.5])
    plot = plots.monte_carlo_kl(closed_form, mu, logvar, repeats=1)
    average = plot.figure.axes[0].lines[0].get_ydata()[-1]
    assert abs(average - closed_form(mu[None], logvar[None]).item()) < 0.035


def test_no_two_digits_share_a_colour():
    from vae_lesson import figure

    assert len(set(figure.DIGITS)) == 10


def test_importing_the_package_does_not_import_matplotlib():
    """Graders import it with every submission: plotting libraries wait until something is drawn."""
    code = (
        "import sys, torch; from vae_lesson import digits, plots, touch, training; "
        "print({'anywidget', 'ipywidgets', 'matplotlib', 'traitlets'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=FILES, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "set()"


# --- the worked example ---


def table_value(row):
    """The last cell of the row of the worked example that starts with `row`."""
    line = next(line for line in TEXT["one_step"].splitlines() if line.startswith(f"| {row} |"))
    return float(line.strip("| ").split("|")[-1].strip().replace("−", "-"))


def test_the_worked_example_adds_up():
    given = r"x = 1\$.*mu = 1\.5\$.*sigma\^2 = -1\$.*varepsilon = -0\.6\$.*learning rate 0\.2"
    assert re.search(given, TEXT["one_step"], re.DOTALL) and r"\hat x = 0.5\,z - 0.2" in TEXT["one_step"]
    x, eps, rate = (torch.tensor(v, dtype=torch.float64) for v in (1.0, -0.6, 0.2))
    mu, logvar = (torch.tensor(v, dtype=torch.float64, requires_grad=True) for v in (1.5, -1.0))

    def forward(mu, logvar):
        sigma = (logvar / 2).exp()
        z = mu + sigma * eps
        x_hat = 0.5 * z - 0.2
        return sigma, z, x_hat, 0.5 * (x - x_hat) ** 2, closed_form(mu[None], logvar[None])

    sigma, z, x_hat, recon, kl = forward(mu, logvar)
    loss = recon + kl
    dx_hat, dz, dmu, dlogvar = torch.autograd.grad(recon, (x_hat, z), retain_graph=True) + torch.autograd.grad(loss, (mu, logvar))
    new_mu, new_logvar = mu - rate * dmu, logvar - rate * dlogvar
    expected = {
        "scale": sigma, "code": z, "decode": x_hat, "reconstruction": recon, "KL": kl, "loss": loss,
        "at the decoder's output": dx_hat, "at the code": dz, "mean": dmu, "log-variance": dlogvar,
        "new mean": new_mu, "new log-variance": new_logvar,
    }  # fmt: skip
    for row, value in expected.items():
        assert table_value(row) == pytest.approx(value.item(), abs=5.1e-5), row
    *_, recon, kl = forward(new_mu, new_logvar)
    after = re.search(r"the loss is now (\d\.\d+)", TEXT["one_step"])[1]
    assert float(after) == pytest.approx((recon + kl).item(), abs=5.1e-5)


def test_the_worked_example_is_not_question_7():
    for number in ("0.8", "-0.4", "1.2", "x = 3"):
        assert not re.search(rf"(?<![\d.]){re.escape(number)}(?!\d)", TEXT["one_step"])


# --- the text ---


def visible_words(stem):
    """What a reader reads: no code, no display formulas, no folds, no link targets; an inline formula is one word."""
    return words_of(TEXT[stem])


def words_of(text):
    text = re.sub(r"```.*?```|<details>.*?</details>|\$\$.*?\$\$|\]\([^)]*\)", " ", text, flags=re.DOTALL)
    text = text.split("### Sources")[0]
    return len(re.findall(r"[A-Za-z][\w'’-]*", re.sub(r"\$[^$]*\$", "formula", text)))


def test_reading_takes_about_fourteen_minutes():
    """At 180 words a minute, formulas included; the worked example belongs to the pencil work, the clinic to whoever likes."""
    minutes = sum(visible_words(stem) for stem in LESSON if stem not in ("one_step", "clinic")) / 180
    assert 12 <= minutes <= 15, minutes


PARTS = {"three_pieces": "q1", "the_trick": "two_routes_seen", "the_kl": "kl_seen", "the_loss": "one_step_seen", "training": "beta"}
PARTS["latent_diffusion"] = "where_next"  # the first and the last of each part; welcome belongs to the first


def test_the_welcome_gives_honest_times():
    """Prompts read, too; the work is an estimate that adds up to what the first line says."""
    rows = re.findall(r"^\|.*\| (\d+) min \| (\d+) min \|$", TEXT["welcome"], re.MULTILINE)
    reading, work = ([int(row[i]) for row in rows] for i in (0, 1))
    promised = re.search(r"about (\d+) minutes of reading and (\d+) of work", TEXT["welcome"])
    assert [sum(reading), sum(work)] == [int(promised[1]), int(promised[2])]
    for (first, last), minutes in zip(PARTS.items(), reading, strict=True):
        start = CONFIG["order"].index(first) * (first != "three_pieces")
        part = CONFIG["order"][start : CONFIG["order"].index(last) + 1]
        words = sum(words_of(stem_text(stem)) for stem in part)
        assert abs(words / 180 - minutes) <= 1, (first, words / 180)


def stem_text(stem):
    if stem in LESSON:
        return TEXT[stem]
    return (ASSIGNMENT / "questions" / CONFIG["questions"][stem]["folder"] / "prompt.md").read_text("utf-8")


def test_the_order_names_every_file_and_every_question_once():
    assert len(CONFIG["order"]) == len(set(CONFIG["order"]))
    assert {path.stem for path in (ASSIGNMENT / "lesson").glob("*.md")} == set(LESSON)
    assert [stem for stem in CONFIG["order"] if stem in CONFIG["questions"]] == [f"q{i}" for i in range(1, 11)]
    assert sum(question["points"] for question in CONFIG["questions"].values()) == 100
    assert CONFIG["order"].index("conventions") < CONFIG["order"].index("q1")


@pytest.mark.parametrize("stem", LESSON)
def test_each_file_is_one_section(stem):
    """One heading opens a section (a picture's follow-up stays in the section it follows), and every formula is closed."""
    first = TEXT[stem].splitlines()[0]
    assert first.startswith("# " if stem == "welcome" else "### " if stem.endswith("_seen") else "## ")
    assert len(re.findall(r"^##? ", re.sub(r"```.*?```", "", TEXT[stem], flags=re.DOTALL), re.MULTILINE)) <= 1
    assert TEXT[stem].count("$$") % 2 == 0 and TEXT[stem].replace("$$", "").count("$") % 2 == 0
    assert TEXT[stem].count("<details>") == TEXT[stem].count("</details>")


@pytest.mark.parametrize("source", ["1312.6114", "1401.4082", "2112.10752", "CS236", "CS294-158", "lecture 6", "lecture 4"])
def test_the_sources_are_named(source):
    assert source in TEXT["where_next"]


@pytest.mark.parametrize("objective", ["O1", "O2", "O3", "O4", "O5"])
def test_the_objectives_open_the_lesson(objective):
    assert f"**{objective}**" in TEXT["welcome"]


def test_the_lesson_is_linked_to_its_neighbours():
    for lesson in ("Lesson 5", "Lesson 7", "Lesson 14"):
        assert lesson in EVERYTHING


def test_no_line_of_an_answer_is_in_the_lesson():
    """Every solution line long enough to mean something, wherever the students' files might repeat it."""
    public = EVERYTHING + "".join(path.read_text("utf-8") for path in FILES.rglob("*") if path.suffix in (".py", ".js"))
    for solution in (ASSIGNMENT / "questions").glob("*/solution.py"):
        for body in re.findall(r"# BEGIN SOLUTION(.*?)# END SOLUTION", solution.read_text("utf-8"), re.DOTALL):
            for line in map(str.strip, body.splitlines()):
                assert len(line) < 25 or line not in public, f"{solution.parent.name}: {line}"
