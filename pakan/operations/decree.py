"""Decree: new legal values are entered, rehearsed on real months, and approved by a second person."""
