"""`python -m backout_tui` is `backout-tui`."""

from backout_tui.cli.main import main

if __name__ == "__main__":
    main()
