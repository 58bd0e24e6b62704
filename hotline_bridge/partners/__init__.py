"""Other case systems: their tokens, the webhooks by which they are told, and what may be called at all."""
