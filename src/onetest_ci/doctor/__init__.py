"""Checks of `doctor`: whether a report would be delivered from here, and what OneTest's API looks like.

One module per area of checks. Each returns findings and raises nothing for what it finds. No check changes
anything in OneTest.
"""
