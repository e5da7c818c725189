"""How older databases become new ones: Alembic's scripts, run by `migrating.py`."""
