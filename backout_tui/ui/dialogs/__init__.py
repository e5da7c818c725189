"""Small modal screens with typed results, and the screen that asks in them and has work done.

They are told what to ask; the code that opens them decides what may be done and handles the answers.
"""
