"""Small modal screens with typed results."""
