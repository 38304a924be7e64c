"""What staff ask; every query passes through sight."""
