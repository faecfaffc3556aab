"""The brief: findings, figures and numbered sources in one file."""
