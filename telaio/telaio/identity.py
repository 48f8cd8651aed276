"""New identifiers of events."""

import uuid_utils


def new_event_id() -> str:
    """A UUIDv7, so that ids made later sort later."""
    return str(uuid_utils.uuid7())
