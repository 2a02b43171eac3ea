"""What was handed in: a file, a zip or a folder, down to the cells that will run.

Everything is parsed in a throw-away child, nothing is run. It must never import what runs cells.
"""
