"""Sources: one folder per publisher; bytes in, observations out."""
