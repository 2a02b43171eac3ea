"""A student's process as a host for checks: its life, its functions as proxies, the joint of two autograd graphs, what is lent to it.

The grader's side of the trust boundary. What comes in is data or a StudentError; nothing here may run, format or unpickle more.
"""
