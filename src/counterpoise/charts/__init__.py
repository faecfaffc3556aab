"""Charts: a result in, an Altair chart out; nothing else."""
