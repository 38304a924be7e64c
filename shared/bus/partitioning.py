"""Which lane a key belongs to: the same answer as Kafka's own partitioner gives."""

from functools import lru_cache
from struct import unpack_from

MASK = 0xFFFFFFFF
SEED = 0x9747B28C
MULTIPLIER = 0x5BD1E995


@lru_cache(maxsize=8192)
def partition_of(key: bytes, partitions: int) -> int:
    """The partition of a key, by Kafka's murmur2."""
    return (murmur2(key) & 0x7FFFFFFF) % partitions


def murmur2(data: bytes) -> int:
    """32-bit murmur2 as Kafka's Java client computes it (org.apache.kafka.common.utils.Utils), unsigned."""
    digest = SEED ^ len(data)
    whole = len(data) & ~3
    for word in unpack_from(f"<{whole // 4}I", data):
        mixed = (word * MULTIPLIER) & MASK
        digest = ((digest * MULTIPLIER) & MASK) ^ (((mixed ^ (mixed >> 24)) * MULTIPLIER) & MASK)
    if len(data) > whole:
        digest = ((digest ^ int.from_bytes(data[whole:], "little")) * MULTIPLIER) & MASK
    digest = ((digest ^ (digest >> 13)) * MULTIPLIER) & MASK
    return digest ^ (digest >> 15)
