#!/bin/sh
# Starts nginx in a container: copies the configuration into a folder that can be written to, and fills in the templates.
# With TLS set to anything, what tls.conf says holds too; LISTEN must then end in "ssl". PROXIES are networks of proxies in
# front, which are believed about who the client is. MAX_BODY is what services take that aren't told otherwise.
set -eu
here=$(dirname "$0")
home=${NGINX_HOME:-/run/natter}
mkdir -p "$home/tmp"
cp "$here"/*.conf "$home"
export MAX_BODY="${MAX_BODY:-33554432}"
for template in "$here"/*.template; do
  envsubst <"$template" >"$home/$(basename "$template" .template)"
done
[ -z "${TLS:-}" ] || echo "include tls.conf;" >>"$home/listen.conf"
if [ -n "${PROXIES:-}" ]; then
  printf 'set_real_ip_from %s;\n' $PROXIES >>"$home/listen.conf"
  echo "real_ip_header X-Forwarded-For; real_ip_recursive on;" >>"$home/listen.conf"
fi
ln -sf /dev/stdout "$home/access.log"
ln -sf /dev/stderr "$home/error.log"
exec nginx -p "$home" -c "$home/nginx.conf" -e stderr -g 'daemon off;'
