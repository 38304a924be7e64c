"""What intake does: accepts, converses, follows what routing decided, and counts."""
