"""A fifth strand, made up: a community kitchen, built only from the chassis and its own declarations."""
