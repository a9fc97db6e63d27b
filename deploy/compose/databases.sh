# A database and a user for each stored service, at the first start of PostgreSQL: none can open another's.
for service in auth chat message media; do
  psql --no-psqlrc --quiet -v ON_ERROR_STOP=1 -v name="natter_$service" -U "$POSTGRES_USER" -d postgres <<END
\set password \`cat /run/secrets/${service}_database_password\`
CREATE ROLE :"name" LOGIN PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"name";
REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
END
done
