"""The database: sessions, migrations, the event chain, looks."""
