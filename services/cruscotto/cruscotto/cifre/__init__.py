"""Il registro degli indicatori, e dalle misure alle cifre."""
