"""Bundled facts: CSV and YAML a person can read, each with its publisher, vintage and source."""
