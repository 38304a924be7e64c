"""The staff interface's shapes: what comes in is read strictly, what goes out is described."""
