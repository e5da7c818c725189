"""The pure rules: plans, events, the state folded from them, and the gates. Standard library only."""
