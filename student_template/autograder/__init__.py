"""Grades the VAE assignment without ever trusting the notebook it grades. SECURITY.md says against whom.

start       __main__ (command line) → launch (a clean process) → session (one run), crew (its workers) → desk (`grade`), gradescope, verify
boundary    nursery → clean_parent → process (one student process) → remote (proxies for the checks); wire and values carry
student's   student_process (answers requests), shell (runs the cells), invoke (calls a function), copies (of it)
confined    confinement (the layers), landlock, seccomp, shares (of the machine), selftest (tries what must fail)
ended       reaper (uids, killing), leftovers, workspace (a run's folder, and dead runs')
judging     submission (what was handed in) → grading → checks, expect, feedback, recording → outcomes → results, shelf
questions   assignment (the folder), catalogue (right and wrong answers), fingerprints (hints under lock)
other hosts local (one process), otter_host (otter's `grader.check`)
authors'    build, stub, notebook, executed, archive, demo
"""
