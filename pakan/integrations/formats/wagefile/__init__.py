"""An employer's wage file in his own layout: examined, read apart in a child process, understood, written back."""
