"""The commands that only read: `list`, `show`, `log`, `report`, `verify`, from a database, a copy or a saved log.

They load neither Textual nor SQLModel, and write nothing except the outcomes that they settle on the way.
"""
