"""Where the attacks of `tests/attacks` are let loose on the real program, and what they got is counted.

attack      one folder of tests/attacks, and what came of it
cells       notebooks for attackers and victims, and the tools they are given
scene       an assignment full of canaries, a class of attackers, and everything that could betray one that got out
ears        sockets that nobody should reach
classroom   all of them graded as one class by `python -m autograder grade`
image       each graded by `run_autograder`, as on Gradescope
situations  the machines on which that is done: `python -m autograder.proof.arena.situations`
start       starts the program on such a machine
"""
