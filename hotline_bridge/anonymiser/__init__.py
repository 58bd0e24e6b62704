"""Takes identifiers out of a message before the assistant, a ticket or a log may see it."""
