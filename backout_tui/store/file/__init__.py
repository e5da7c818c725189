"""The database as a file: where it lies, who may access it, and how it is opened, created and copied.

This room knows tables and locks, but not what a record means.
"""
