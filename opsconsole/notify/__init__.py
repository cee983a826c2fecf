"""Being woken: the outbox, the channels, and the heartbeat out."""
