"""Formats: parse and compose, nothing else."""
