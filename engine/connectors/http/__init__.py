"""A service on the web is called with JSON: key `http` in a diagram."""

from engine.connectors.http.connector import HttpConnector

CONNECTOR = HttpConnector()

__all__ = ["CONNECTOR", "HttpConnector"]
