"""Cases: the dated story of a border, as data a person can read and edit."""
