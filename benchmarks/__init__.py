"""Measurements, each beside its floor in the same run; only ratios carry over to other machines."""
