"""Everything on one machine: a supervising process, one web process for all services, three workers."""
