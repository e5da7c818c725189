"""The actions of the dashboard: each asks, does one verb, and says what came of it."""
