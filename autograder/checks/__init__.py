"""An assignment and its checks: read from its folder, loaded, run on any host, judged; what they expect, and how a message is worded.

Students have this room, so nothing here knows an answer. It must not know where its host runs a function.
"""
