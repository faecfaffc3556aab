"""Synthetic worlds: monthly counts by corridor and nationality with a hidden driver, opening, record and aim."""
