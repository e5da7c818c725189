"""What a copied plan took over from another release: its version, and words that belong to one release only. Pure."""
