"""A machine that does anything at all with the verbs, and what may never come of it."""
