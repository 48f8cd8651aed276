"""Monitoring: the rules by promtool, every query against a real scrape, and the drill (`make allarmi`)."""
