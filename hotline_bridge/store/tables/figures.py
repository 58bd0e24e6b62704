"""Figures as they were published: one row a period, written once."""

from __future__ import annotations

from sqlalchemy import Column, DateTime, Table, Text, func
from sqlalchemy.dialects.postgresql import JSONB

from hotline_bridge.store.tables.base import metadata

releases = Table(
    "releases",
    metadata,
    Column("period", Text, primary_key=True),  # 2026-10, 2026-Q4, 2026
    Column("made_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("counts", JSONB, nullable=False),  # the true numbers, for the periods that this one is a part of; never shown
    Column("shown", JSONB, nullable=False),  # what is published of them
)
