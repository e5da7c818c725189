"""What the keys of the list and of the screens about plans do.

Each asks in a dialog and has the work done at the desk, in the desk's own thread; the rules live in the engine.
"""
