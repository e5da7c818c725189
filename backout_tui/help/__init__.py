"""What users read: one Markdown file for each topic, and how a topic is laid out for a terminal.

Topics are read as files, without loading a screen, a plan or a database.
"""
