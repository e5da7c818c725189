"""One module per schema version. These are released, so they never change."""
