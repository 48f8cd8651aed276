"""What each service may do on the broker, as the manifest and the district say."""

from telaio.district import District
from telaio.heartbeat import topic_of
from telaio.rights import rights
from telaio.topics import manifest

DISTRICT = District.load(None)
RIGHTS = {found.user: found for found in rights(DISTRICT)}


def test_every_topic_is_written_by_its_service_alone() -> None:
    written = [topic for found in RIGHTS.values() for topic in found.writes]
    assert sorted(written) == sorted(t.name for t in manifest(DISTRICT.servizi))
    assert RIGHTS["casa"].writes == ("casa.eventi", topic_of("casa"))


def test_a_strand_reads_the_strands_events_and_not_who_watches() -> None:
    assert set(RIGHTS["casa"].reads) == {f"{strand}.eventi" for strand in DISTRICT.linee}


def test_the_dashboard_reads_everything() -> None:
    assert set(RIGHTS["cruscotto"].reads) == {t.name for t in manifest(DISTRICT.servizi)}


def test_a_group_begins_with_the_services_name() -> None:
    assert f"casa.{DISTRICT.linee['casa']}".startswith(RIGHTS["casa"].groups)
    assert RIGHTS["casa"].line().split("\t")[-1] == "casa."
