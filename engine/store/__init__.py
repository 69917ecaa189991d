"""The only room besides migrations/ that knows SQL: tables, the transaction, one file per aggregate."""
