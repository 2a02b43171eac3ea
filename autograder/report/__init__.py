"""What comes out of a class: the report and a page for each student, tables, slips, similar answers.

Entered by `course` with results that are judged. Nothing here changes one.
"""
