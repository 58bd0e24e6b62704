"""Loops and listeners: what runs for as long as a process lives."""
