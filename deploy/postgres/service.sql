-- A service's role and its two databases: one for its events, vault and read models, and one for the keys of its
-- subjects, apart so that its backups can expire on their own (forgetting has to reach them). Only the service's role
-- may connect to either. Running it again changes nothing but the password.
--
-- Each query returns statements to be run as they are: psql does that with \gexec, and so does `plaudit`, from this
-- file. It must be so because neither CREATE ROLE nor CREATE DATABASE takes a bound parameter, and CREATE DATABASE
-- can't run inside a function; format() quotes instead. By hand, as an administrator:
--
--   psql "$DATABASE_URL" -v ON_ERROR_STOP=1 -v service=scoring -v password="$PASSWORD" <<'SQL'
--   SELECT set_config('plaudit.service', :'service', false), set_config('plaudit.password', :'password', false) \g /dev/null
--   \i service.sql
--   SQL

SELECT format('CREATE ROLE %I LOGIN', role)
FROM concat('plaudit_', current_setting('plaudit.service')) AS role
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role)
\gexec

SELECT format('ALTER ROLE %I LOGIN PASSWORD %L', role, current_setting('plaudit.password'))
FROM concat('plaudit_', current_setting('plaudit.service')) AS role
\gexec

-- An administrator who is no superuser (at a hosting company) may give databases only to roles it is a member of.
SELECT format('GRANT %I TO CURRENT_USER', role)
FROM concat('plaudit_', current_setting('plaudit.service')) AS role
WHERE NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
\gexec

-- Text is compared by code point, so that an order doesn't depend on whose cluster it is.
SELECT format('CREATE DATABASE %I OWNER %I TEMPLATE template0 ENCODING ''UTF8'' LC_COLLATE ''C''', role || suffix, role)
FROM concat('plaudit_', current_setting('plaudit.service')) AS role, unnest(ARRAY['', '_keys']) AS suffix
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = role || suffix)
\gexec

SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', role || suffix)
FROM concat('plaudit_', current_setting('plaudit.service')) AS role, unnest(ARRAY['', '_keys']) AS suffix
\gexec
