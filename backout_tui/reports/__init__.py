"""From a backout and its records to text for people: pure, no input or output."""
