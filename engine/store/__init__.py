"""What is kept lies here; no other room imports SQLAlchemy, and one file commits."""
