"""Who handed in what: downloads of Gradescope, Canvas and Moodle, folders and zips, and a roster.

Entered by whoever grades a class. No notebook is opened here: that is `submissions`.
"""
