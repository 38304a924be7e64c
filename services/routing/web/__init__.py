"""The doors for staff: the interface for programs, sign-in and account, and the pages."""
