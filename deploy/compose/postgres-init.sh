#!/bin/sh
# Makes each service's role and databases, as service.sql says, with the password that its environment has. What psql
# answers to the first statement is the password again: it is not to stand in a log.
set -eu
for name in $(env | sed -n 's/^PLAUDIT_POSTGRES_\([A-Z]*\)_PASSWORD=.*/\1/p'); do
	service=$(echo "$name" | tr '[:upper:]' '[:lower:]')
	eval "password=\$PLAUDIT_POSTGRES_${name}_PASSWORD"
	psql --username="${POSTGRES_USER:-postgres}" --dbname=postgres --quiet -v ON_ERROR_STOP=1 \
		-v service="$service" -v password="$password" -v file="${PLAUDIT_SQL:-/plaudit}/service.sql" <<'SQL'
SELECT set_config('plaudit.service', :'service', false), set_config('plaudit.password', :'password', false) \g /dev/null
\i :file
SQL
done
psql --username="${POSTGRES_USER:-postgres}" --dbname=postgres --quiet -v ON_ERROR_STOP=1 -f "${PLAUDIT_SQL:-/plaudit}/cluster.sql"
