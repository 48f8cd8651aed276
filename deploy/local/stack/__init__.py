"""The local stack: a broker, a PostgreSQL and the services, on free ports, with their state in one directory."""
