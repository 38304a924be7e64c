"""What routing knows and decides, without a database: values in, values out, standard library only."""
