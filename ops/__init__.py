"""What surrounds the running system: starting it, checking it, its words. Standard library only, but for words.py."""
