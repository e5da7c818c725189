"""Upgrades older databases to the newest schema: Alembic's scripts, which `migrating.py` runs in one transaction."""
