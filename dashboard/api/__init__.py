"""The HTTP API below /api: the same orders, answers and refusals as the pages, as JSON."""

from dashboard.api.application import create_api

__all__ = ["create_api"]
