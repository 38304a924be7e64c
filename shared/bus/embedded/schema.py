"""The tables of the embedded bus. A lane is one partition of one topic."""

VERSION = 1

SCHEMA = """\
CREATE TABLE topic (
    name TEXT PRIMARY KEY,
    partitions INTEGER NOT NULL,
    retention_days INTEGER NOT NULL,
    compacted INTEGER NOT NULL
) STRICT;

CREATE TABLE lane (
    id INTEGER PRIMARY KEY,
    topic TEXT NOT NULL REFERENCES topic (name),
    number INTEGER NOT NULL,
    start_offset INTEGER NOT NULL DEFAULT 0,
    next_offset INTEGER NOT NULL DEFAULT 0,
    UNIQUE (topic, number)
) STRICT;

CREATE TABLE record (
    lane_id INTEGER NOT NULL,
    at_offset INTEGER NOT NULL,
    timestamp_ms INTEGER NOT NULL,
    key BLOB,
    value BLOB,
    headers BLOB NOT NULL,
    PRIMARY KEY (lane_id, at_offset)
) STRICT, WITHOUT ROWID;

-- One row per lane a group has ever subscribed to: the next offset it will read.
CREATE TABLE progress (
    group_name TEXT NOT NULL,
    lane_id INTEGER NOT NULL,
    next_offset INTEGER NOT NULL,
    PRIMARY KEY (group_name, lane_id)
) STRICT, WITHOUT ROWID;

-- A member lives until its lease (monotonic seconds of this machine) ends; members renew theirs.
CREATE TABLE member (
    id TEXT PRIMARY KEY,
    group_name TEXT NOT NULL,
    topics TEXT NOT NULL,
    lease_until REAL NOT NULL
) STRICT;

-- Who holds a lane, and who should: they differ while the holder has not yet let go.
CREATE TABLE holding (
    group_name TEXT NOT NULL,
    lane_id INTEGER NOT NULL,
    holder TEXT,
    intended TEXT,
    PRIMARY KEY (group_name, lane_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE housekeeping (
    task TEXT PRIMARY KEY,
    done_at REAL NOT NULL
) STRICT;
"""
