"""One row per verb: id, key, words, gate, fields. Keys, footer, palette, help, dialogs and options are made from it.

No row imports its function: the first picture needs all rows and none of the functions.
"""
