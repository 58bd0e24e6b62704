"""Orders for whoever keeps an installation: its master keys, its copies."""
