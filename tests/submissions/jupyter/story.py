"""Shell commands, magics, top-level await, help, plots, a question to the user."""


def build(folder, book):
    book.insert(
        "!echo hello",
        "%timeit -n 1 -r 1 sum(range(10))",
        "%matplotlib inline",
        "%%bash\necho hello",
        "%%time\nwas_timed = 1",
        "import asyncio\nawait asyncio.sleep(0)",
        "torch.relu?",
        "lines = !ls",
        "%load_ext autoreload\n%autoreload 2",
        "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()",
        "%%html\n<b>hello</b>",
        "%no_such_magic",
    )
    book.append("name = input('What is your name? ')")
    book.save(folder / "vae.ipynb")
