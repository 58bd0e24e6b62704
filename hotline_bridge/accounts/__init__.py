"""The people who work in the console: who they are, how they prove it, and how long that holds.

Data functions work on the caller's transaction and make none; what is decided (password rules, codes, waits, the end of a
session) are pure functions beside them. The steps that join them are in flow/.
"""
