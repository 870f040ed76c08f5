"""What holds calls back: the pace and concurrency of a key, the quota of its day, the breaker of a provider."""
