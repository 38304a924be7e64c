"""The command line, the embedded installation and the demo: the only place that knows all services."""
