"""Who acts, from where, and with which secrets: sessions, controls, identity, the machine.

Secrets are held in memory only; nothing here changes a backout.
"""
