"""How an answer differs from the right one: compared on the same calls, measured, and said in a sentence.

Entered by `hints`, with what was seen of an answer and what the right one does. Nothing here knows a wrong answer.
"""
