-- For a cluster that is Plaudit's alone (the private one of `plaudit up` is): nobody connects to a database that isn't
-- theirs, `postgres` and `template1` included. Not for a cluster that has other tenants: they may rely on PUBLIC.
-- By hand, as an administrator: psql "$DATABASE_URL" -v ON_ERROR_STOP=1 -f cluster.sql

SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', datname) FROM pg_database ORDER BY datname
\gexec
