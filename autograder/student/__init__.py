"""What runs in or beside a student's process, from the clean parent that forks it to the shell in which its cells run.

Whatever is imported here can be read and changed by the student: no test, no answer and no verdict may be in it.
"""
