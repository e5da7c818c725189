"""The long counts: a tenth of them in the suite, all of them with BACKOUT_CAMPAIGN=full."""
