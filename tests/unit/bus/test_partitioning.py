"""Keys go to the lanes Kafka's own partitioner would choose."""

from hypothesis import given
from hypothesis import strategies as st
from kafka.partitioner.default import murmur2 as reference

from shared.bus.partitioning import murmur2, partition_of


@given(st.binary(max_size=80))
def test_the_hash_is_kafkas(key: bytes) -> None:
    assert murmur2(key) == reference(key) & 0xFFFFFFFF


def test_known_values_of_the_java_client() -> None:
    # From org.apache.kafka.common.utils.UtilsTest.testMurmur2, as signed numbers there.
    known = {b"21": -973932308, b"foobar": -790332482, b"a-little-bit-long-string": -985981536}
    assert {key: murmur2(key) for key in known} == {key: value & 0xFFFFFFFF for key, value in known.items()}


@given(st.binary(max_size=40), st.integers(min_value=1, max_value=100))
def test_every_key_has_a_lane(key: bytes, partitions: int) -> None:
    assert 0 <= partition_of(key, partitions) < partitions


def test_case_ids_spread_evenly() -> None:
    counts = [0] * 12
    for n in range(12_000):
        counts[partition_of(f"0192f0c1-7a2b-7c3d-8e4f-{n:012x}".encode(), 12)] += 1
    assert min(counts) > 850
    assert max(counts) < 1150
