"""The one way to read Kafka: offsets beside the effect, each subject in version order, nothing dropped in silence."""
