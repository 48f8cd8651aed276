"""The chassis (Italian for chassis, and for loom) every strand is built on. It knows no strand."""
