"""What can be understood of a shell script without running it: words, commands, names."""
