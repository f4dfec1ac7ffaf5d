"""Care beside the benefit: what the fund guarantees a hospital that cannot ask it, and how soon a bill is answered."""

from pakan.law.care.terms import TERMS, Terms

__all__ = ["TERMS", "Terms"]
