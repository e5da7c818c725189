"""The ways to send a message: each reports for every recipient whether it was sent, failed, or is in doubt."""
