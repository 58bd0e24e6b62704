"""The short steps that join the stations: one step a file. They own the transactions; no station does."""
