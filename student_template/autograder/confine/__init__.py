"""What a student's process may do: the layers of its confinement, its uid, its folder, its end, and what it may leave behind.

It knows nothing of students, notebooks or checks, and imports no other room.
"""
