"""The state tables: what is true of every backout now, for anybody who queries the file with SQL.

They are derived from the log and can be rebuilt from it. Nothing may be stored only here.
"""
