"""Every table, once, one file a shelf. `metadata` knows them all."""

from core.store.tables import desk, dossiers, messages, people, registry
from core.store.tables.base import metadata

__all__ = ["desk", "dossiers", "messages", "metadata", "people", "registry"]
