"""Real servers for tests and benchmarks: Kafka, PostgreSQL, and a proxy that breaks their connections."""
