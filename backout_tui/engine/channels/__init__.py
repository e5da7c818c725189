"""The ways a message leaves: each says, for every recipient, whether it was sent, failed, or is in doubt."""
