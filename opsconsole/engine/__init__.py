"""The running process: lock, schedule, run, record, self-check."""
