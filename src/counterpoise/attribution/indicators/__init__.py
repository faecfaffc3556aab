"""Indicators: what is looked at, each a pure function of counts or of coded facts."""
