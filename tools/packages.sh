#!/bin/sh
# Installs the Debian packages of the named lists (packaging/packages-NAME.txt) that are missing:
# as root, or with sudo; as a plain user it says exactly what to install and stops.
set -eu
cd "$(dirname "$0")/.."
wanted=$(for list in "$@"; do cat "packaging/packages-$list.txt"; done)
missing=
for package in $wanted; do
  case $package in
    # a program from elsewhere serves as well as Debian's package
    nodejs) command -v node >/dev/null 2>&1 && continue ;;
    npm|git|curl|jq|make|gcc|clang|meson) command -v "$package" >/dev/null 2>&1 && continue ;;
  esac
  [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing="$missing $package"
done
[ -z "$missing" ] && exit 0
stop() {
  echo "These packages are needed and missing. Ask an administrator to run:" >&2
  echo "  apt-get install$missing" >&2
  exit 1
}
if [ "$(id -u)" = 0 ]; then
  as_root=
elif command -v sudo >/dev/null 2>&1 && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
  as_root=sudo
else
  stop
fi
echo "Installing:$missing"
# shellcheck disable=SC2086
$as_root apt-get update -qq && # sudo drops the environment: env sets it on the other side
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null || stop
