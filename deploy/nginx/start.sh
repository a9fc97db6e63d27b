#!/bin/sh
# Starts nginx in a container: copies the configuration into a folder that can be written to, and fills in the templates.
# With TLS set to anything, what tls.conf says holds too; LISTEN must then end in "ssl".
set -eu
here=$(dirname "$0")
home=${NGINX_HOME:-/run/natter}
mkdir -p "$home/tmp"
cp "$here"/*.conf "$home"
for template in "$here"/*.template; do
  envsubst <"$template" >"$home/$(basename "$template" .template)"
done
[ -z "${TLS:-}" ] || echo "include tls.conf;" >>"$home/listen.conf"
ln -sf /dev/stdout "$home/access.log"
ln -sf /dev/stderr "$home/error.log"
exec nginx -p "$home" -c "$home/nginx.conf" -e stderr -g 'daemon off;'
