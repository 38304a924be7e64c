"""The floors and the peer that accepting is measured against."""
