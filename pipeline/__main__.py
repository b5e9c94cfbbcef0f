"""`python -m pipeline` is the command `drukwerk`."""

from pipeline.cli import main

if __name__ == "__main__":
    main()
