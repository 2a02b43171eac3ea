"""The same answers judged with one thread, with two, and with denormal numbers flushed to zero: no check may notice.

python -m tests.benchmarks.conditions [N]        every Nth right or wrong answer
"""

from __future__ import annotations

import sys

import torch

from autograder.checks import assignment as assignments

from .in_process import outcomes

SEED = 3
CONDITIONS = {"two threads": (2, False), "flushed denormals": (1, True), "both": (2, True)}


def main(every: int = 1) -> int:
    assignment = assignments.load()
    differences = judged = 0
    for question in assignment.questions.values():
        for entry in (assignment.right_answers(question) + assignment.wrong_answers(question))[::every]:
            usual = None
            for name, (threads, flush) in {"usual": (1, False), **CONDITIONS}.items():
                torch.set_num_threads(threads)
                torch.set_flush_denormal(flush)
                statuses = [o.status for o in outcomes(assignment, question, entry.target, entry.source, SEED)]
                usual = usual or statuses
                if statuses != usual:
                    differences += 1
                    print(f"{question.id} {entry.name}: {name} makes a difference")
            judged += 1
    print(f"{judged} answers judged under {1 + len(CONDITIONS)} conditions, {differences} differences")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:2])))
