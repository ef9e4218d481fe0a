"""The health data warehouse: no table yet; its database, its migrations and its borders are in place."""
