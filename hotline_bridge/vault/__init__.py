"""Who somebody is: addresses and keys. Addresses (identities.py) are only for those whom pyproject.toml allows."""
