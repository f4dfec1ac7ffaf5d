"""The common look: layouts, components, styles, scripts and template tags. No tables, no rules."""
