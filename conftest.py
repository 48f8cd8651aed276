"""The servers all tests share: see deploy/local/stack/fixtures.py."""

pytest_plugins = ["stack.fixtures"]
