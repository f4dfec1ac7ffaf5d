"""The employer's pages, one module a step of the month."""
