"""The log and the plans in one SQLite file.

`log` writes and reads them, `state` mirrors them for SQL, `file` opens the file, `migrations` upgrade it.
"""
