"""Real processes killed under load, and an independent check that nothing was lost and nothing came twice."""
