"""What passes between a student's process and the grader: plain data, frames, recorded calls, and faults by name.

Both sides import this room, and it imports no other.
"""
