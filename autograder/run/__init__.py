"""One run: the command carried out, a session and its workers, one grade, the results.

Entered from the command line and by `run_autograder`. It holds secrets, so no student's code ever runs here: `remote` reaches it.
"""
