"""Reads a message: spelling, script, language, danger, commands. Pure; the standard library, numpy and PyYAML only.

The assistant (Python 3.10) and the bridge (3.11 to 3.13) run this same code, so both see a message alike.
"""
