"""Alerts: what happened that somebody should hear of, kept until it is told, an hour's worth in one message."""
