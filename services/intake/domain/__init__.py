"""What intake decides, as functions of values: no database, no clock, no network."""
