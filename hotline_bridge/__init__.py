"""The journey of a message: receive, answer, deliver. Nothing runs at import."""
