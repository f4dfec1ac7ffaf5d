"""An employer's wage file in his own layout: examined, read by a child, understood, written back."""
