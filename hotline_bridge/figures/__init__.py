"""Figures that name nobody: counted once when a month is over, small numbers withheld, and then never changed.

`counting` reads the rows, `tree` says which numbers add up to which, `suppression` decides what is withheld, `releases` keeps
the outcome. What was published once stays as it was: two looks at a number that still grows would tell who came in between.
"""
