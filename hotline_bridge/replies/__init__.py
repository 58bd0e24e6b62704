"""From a reply key to words: knowledge/ in the person's language and script, cut for the channel."""
