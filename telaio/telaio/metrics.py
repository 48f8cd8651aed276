"""What a service tells Prometheus of itself. One place for every name; labels are bounded: never an entity, a person or
an address. Counted once a batch, not once a record: the stock middlewares cost up to two thirds of the throughput.

Durations and ages are seconds of real time; the age of a fact follows the service's clock, simulated or not.
"""

from importlib.metadata import version

from prometheus_client import Counter, Gauge, Histogram

from telaio.runtime import Runtime

SIZES = (1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000)
SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

BUILD = Gauge("genera_build_info", "Always 1; the labels say what runs.", ["service", "partner", "version"])
DATABASE_UP = Gauge("genera_database_up", "1 while the service's own database answers and takes writes.")
MIGRATIONS_PENDING = Gauge("genera_migrations_pending", "Migrations that this release needs and the database lacks.")
PART_EXPECTED = Gauge("genera_part_expected", "1 for each part that some process of this service must run.", ["part"])
PART_FAILURES = Counter("genera_part_failures_total", "Times a part of the process broke and began again.", ["part"])
KAFKA_UP = Gauge("genera_kafka_up", "1 while the broker answers this part of the process.", ["part"])

JOURNAL_EVENTS = Gauge("genera_journal_events", "Events in the journal, as the database's statistics estimate them.")
RELAY_LEADING = Gauge("genera_relay_leading", "1 while this process is the one that ships the journal.")
RELAY_LAG_EVENTS = Gauge("genera_relay_lag_events", "Events of the journal not yet acknowledged by the broker.")
RELAY_LAG_SECONDS = Gauge("genera_relay_lag_seconds", "Age of the oldest event not yet acknowledged; 0 without any.")
RELAY_LAST_ACK = Gauge("genera_relay_last_ack_timestamp_seconds", "When the broker last acknowledged something.")
RELAY_SHIPPED = Counter("genera_relay_shipped_events_total", "Events acknowledged by the broker.")
RELAY_BATCH_EVENTS = Histogram("genera_relay_batch_events", "Events in a page shipped at once.", buckets=SIZES)
RELAY_BATCH_SECONDS = Histogram(
    "genera_relay_batch_duration_seconds", "From a page's first record to its last acknowledgement.", buckets=SECONDS
)

CONSUMER_LAG_EVENTS = Gauge(
    "genera_consumer_lag_events", "Records of a partition not yet applied.", ["topic", "partition"]
)
CONSUMER_LAG_SECONDS = Gauge(
    "genera_consumer_lag_seconds", "Time since a partition was last read to its end.", ["topic", "partition"]
)
CONSUMER_EVENTS = Counter("genera_consumer_events_total", "Records dealt with, by what became of them.", ["result"])
CONSUMER_BATCH_EVENTS = Histogram("genera_consumer_batch_events", "Records in a batch.", buckets=SIZES)
CONSUMER_BATCH_SECONDS = Histogram(
    "genera_consumer_batch_duration_seconds", "From a batch's first statement to its commit.", buckets=SECONDS
)
CONSUMER_STOPPED = Gauge("genera_consumer_stopped_partitions", "Partitions stopped with an alarm: their head is lost.")
QUARANTINE_RECORDS = Gauge("genera_quarantine_records", "Records that wait, by reason.", ["reason"])
QUARANTINE_OLDEST = Gauge("genera_quarantine_oldest_seconds", "How long the oldest of them has waited.", ["reason"])
FORKED_SUBJECTS = Gauge("genera_forked_subjects", "Subjects with two different histories: they are stopped.")

HEARTBEAT = Gauge(
    "genera_heartbeat_timestamp_seconds",
    "When a service's last heartbeat was at a stage of its way: sent by its relay, heard by this process.",
    ["service", "partner", "stage"],
)


def tell_build(runtime: Runtime) -> None:
    """Sets what does not change while the process lives."""
    BUILD.labels(runtime.service.name, runtime.settings.partner, version("telaio")).set(1)
    for part, there in (("relay", runtime.service.entities), ("reader", runtime.service.consumer)):
        PART_EXPECTED.labels(part).set(bool(there))
