"""Detectors with one interface: our count model and the field's standards, implemented from their papers."""
