"""`python -m lms`."""

from lms.cli import main

main()
