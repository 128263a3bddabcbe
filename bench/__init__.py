"""Figures, each beside its yardstick in the same run: `make bench`. Asserted in no test."""
