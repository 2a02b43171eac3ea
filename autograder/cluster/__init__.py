"""A class graded by the workers of a Dask cluster: submissions go out as bytes, results come back as JSON, and are believed when they have the form.

Entered by `grade --scheduler` alone, and, on a worker, by Dask. Nothing here grades: a worker starts this program beside itself, once, and asks it.
"""
