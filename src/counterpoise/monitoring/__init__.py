"""Monitoring: is something unusual happening at this border?"""
