"""What the operator feels, measured from outside: `python -m tests.benchmarks`. Nothing here is a timed test."""
