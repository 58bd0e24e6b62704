"""The short steps that join the stations: one step a file, and beside them the decisions they share. Steps own the transactions;
no station does.
"""
