"""The parts of compare.py: running programs, comparing their numbers, the table."""
