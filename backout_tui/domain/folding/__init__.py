"""What each kind of event makes of a backout: pure functions, one module per subject."""
