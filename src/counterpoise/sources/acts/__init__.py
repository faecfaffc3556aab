"""Candidate acts from official feeds: read from files, decided on by a person, never entered by themselves."""
