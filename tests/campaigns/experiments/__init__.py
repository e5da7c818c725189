"""The experiments of the campaign: a module each, which ends with `EXPERIMENTS`, one row for each thing it tries."""
