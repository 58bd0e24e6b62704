"""Providers of our own on loopback. They check what they get against the providers' specifications."""
