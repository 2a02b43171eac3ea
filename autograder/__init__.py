"""Grades an assignment without ever trusting the notebook it grades. SECURITY.md says against whom.

Rooms, from top to bottom; each imports from itself and from those below it, and a test holds them to that:

proof        the checks checked: right answers, wrong answers, attacks in their arena
authors      what is built from an assignment: notebooks, folders, zips
pieces       what the build puts together: stubs, outputs, cards, a wheel
cluster      a class graded by the workers of a Dask cluster
course       a class: what was graded already, what a regrade changed, the terminal
report       what comes out of it: the report, pages, tables
intake       who handed in what: downloads, folders, zips, a roster
run          one run: a session, its workers, a grade, the results; and Gradescope's
remote       a student's process as a host for checks; the boundary runs through it
hosts        the same checks in one process: pytest's, and otter's in a student's notebook
submissions  what was handed in: unpacked and parsed, never run
checks       an assignment and its checks: what they ask, expect and say
hints        the catalogue of wrong answers, and which of them an answer is
draws        how a random answer differs from the right one: its law, in words
differences  how any other does: its values, gradients and form, in words
pencil       what a wrong number is: the slip in the working that makes it
student      what runs in or beside a student's process
wire         what passes between processes: plain data and faults
confine      what a student's process may do, and its end
"""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
REPO = PACKAGE.parent
VERSION = "2026.1"  # of the program; an assignment has its own
