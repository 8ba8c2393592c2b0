"""Run queries in worker processes that can be stopped."""
