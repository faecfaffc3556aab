"""Counterpoise: an open evidence workbench on the instrumentalisation of migration."""
