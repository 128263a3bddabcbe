"""`python -m schedules`: the command `veille`, for programs that know only the interpreter."""

from schedules.cli import main

if __name__ == "__main__":
    main()
