"""The program as people use it: in a real terminal, through keys only, against real processes, files and mail."""
