"""The door: migrations, assets, the embedded PostgreSQL, pages."""
