"""Who may see or do what, over all services: the page about it, and every route tried by every role."""
