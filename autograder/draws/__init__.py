"""What a random answer does beside the right one: the law of its numbers, what they share, and how that goes with the inputs.

Entered by `hints`, as `differences` is for what is not random. Nothing here knows a wrong answer.
"""
