"""What does things: the operator's verbs, the supervisor, the checks and the channels."""
