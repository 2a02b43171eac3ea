"""What the build puts together: stubs, outputs, the cards, the wheel, and zips that come out the same each time.

Entered by authors alone. Nothing here knows where a piece is written: that is the build's.
"""
