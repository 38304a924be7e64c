"""Headers survive being packed into one blob."""

from hypothesis import given
from hypothesis import strategies as st

from shared.bus.embedded.headers import pack, unpack

names = st.text(max_size=30)


@given(st.lists(st.tuples(names, st.binary(max_size=100)), max_size=20))
def test_what_was_packed_is_unpacked(headers: list[tuple[str, bytes]]) -> None:
    assert unpack(pack(headers)) == tuple(headers)
