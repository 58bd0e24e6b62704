"""The vault and the desk, and the keys above them."""

from __future__ import annotations

from hotline_bridge import datafolder
from hotline_bridge.desk import Desk
from hotline_bridge.settings import Settings
from hotline_bridge.vault import ring
from hotline_bridge.vault.identities import Vault
from hotline_bridge.vault.ring import Ring


def rings(settings: Settings) -> dict[str, Ring]:
    """The keys above all others, by name. Before the first start there may be none."""
    return {"master": _master_keys(settings), "desk": _desk_keys(settings)}


def vault(settings: Settings) -> Vault:
    """The vault under the master keys; whoever uses it opens it first (flow/unlock.py)."""
    datafolder.prepare(settings.komek_data)
    return Vault(_master_keys(settings))


def desk(settings: Settings) -> Desk:
    """The desk under its own keys, which open nothing of the vault; whoever uses it opens it first."""
    datafolder.prepare(settings.komek_data)
    return Desk(_desk_keys(settings))


def _master_keys(settings: Settings) -> Ring:
    value = settings.komek_master_key.get_secret_value() if settings.komek_master_key else None
    return ring.load(value, settings.komek_master_key_file, settings.komek_data, "KOMEK_MASTER_KEY", "master.key")


def _desk_keys(settings: Settings) -> Ring:
    value = settings.komek_desk_key.get_secret_value() if settings.komek_desk_key else None
    return ring.load(value, settings.komek_desk_key_file, settings.komek_data, "KOMEK_DESK_KEY", "desk.key")
