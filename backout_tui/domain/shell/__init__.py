"""Shell scripts as far as they are understood without running them: words, commands, names."""
