#!/bin/sh
# One database and one role per service: no service can read another's tables. Runs once, on an empty volume.
set -eu

create() {
    psql -v ON_ERROR_STOP=1 -U postgres -v role="$1" -v password="$2" <<'SQL'
CREATE ROLE :"role" LOGIN PASSWORD :'password';
CREATE DATABASE :"role" OWNER :"role";
REVOKE CONNECT ON DATABASE :"role" FROM PUBLIC;
SQL
}

create intake "$INTAKE_DATABASE_PASSWORD"
create routing "$ROUTING_DATABASE_PASSWORD"
create notifications "$NOTIFICATIONS_DATABASE_PASSWORD"
