"""What surrounds the running system: starting it, checking it, its words. Only words.py needs packages."""
