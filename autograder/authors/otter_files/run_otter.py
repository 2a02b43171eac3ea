"""Grades a submission with otter instead of our own engine: unhardened, for those who want otter's container."""

from otter.run.run_autograder import main

if __name__ == "__main__":
    main("/autograder")
