"""Le pagine del cruscotto, una per file."""
