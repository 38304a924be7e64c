"""Intake: what residents say comes in here and is never lost; what we answer is shown here."""
