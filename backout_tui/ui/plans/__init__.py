"""The screens about plans: one plan, its review, what is wrong with it, what it changes."""
