"""Intent, act, outcome: an attempt's folder, its supervisor, the command, and how it ended.

This room knows files, processes and the kernel. Of a backout it knows only the intent, and it never asks a gate.
"""
