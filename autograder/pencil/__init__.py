"""What a wrong number is: the one that comes out where one step of the working is done wrongly.

Entered by `hints`, with a number and a question's working. Nothing here knows a wrong answer.
"""
