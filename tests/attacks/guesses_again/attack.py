"""Breaks an earlier function, so that a process with lent answers is made, and gives another answer to a choice there."""

BASE = "solved"
MAX_SCORE = 83.5  # without reparameterize, what it alone answers, and the choice
CELLS = [
    r"""
import threading, time
def reparameterize(mu, logvar): return mu
q3_choice, mine = "A", reparameterize
def watch():
    while True:
        if globals()["reparameterize"] is not mine:
            globals()["q3_choice"] = "B"
        time.sleep(0.001)
threading.Thread(target=watch, daemon=True).start()
"""
]
