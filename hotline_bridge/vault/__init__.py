"""Who somebody is: addresses and keys. Imported by receive, deliver, reveal, forget and bootstrap only."""
