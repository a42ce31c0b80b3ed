#!/bin/sh
# Checks the Swift toolchain and the Debian packages that the build needs, and installs the latter
# where it may: as root, or with a sudo that asks for no password. Argument: the swift to check.
set -eu

swift=${1:-swift}
if ! command -v "$swift" >/dev/null; then
  echo "No Swift toolchain: '$swift' is not on the PATH." >&2
  echo "Install Swift 6.3 or later from https://www.swift.org/install, or say where it is:" >&2
  echo "  make SWIFT=/path/to/usr/bin/swift" >&2
  exit 1
fi
version=$("$swift" --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p')
if [ "$(printf '6.3\n%s\n' "$version" | sort -V | head -n 1)" != 6.3 ]; then
  echo "Swift 6.3 or later is needed; '$swift' is version ${version:-unknown}." >&2
  exit 1
fi

# oneDNN, OpenBLAS, libltdl, PNG, JPEG and zlib; the compiler's own libraries, of which libgomp is one;
# pkg-config, by which the package manager finds some of these.
packages="libdnnl-dev libopenblas-dev libltdl-dev libpng-dev libjpeg62-turbo-dev zlib1g-dev
  libc6-dev libgcc-12-dev libstdc++-12-dev pkg-config"
if ! command -v dpkg-query >/dev/null; then
  echo "Not a Debian system, so these packages' like must be there already:" $packages >&2
  exit 0
fi
missing=
for package in $packages; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
    missing="$missing $package"
done
[ -n "$missing" ] || exit 0

install="apt-get install -y --no-install-recommends$missing"
if [ "$(id -u)" = 0 ]; then
  sudo=
elif sudo -n true 2>/dev/null; then
  sudo="sudo "
else
  echo "Packages are missing. Install them, then run make again:" >&2
  echo "  sudo $install" >&2
  exit 1
fi
echo "Installing what is missing: $sudo$install"
export DEBIAN_FRONTEND=noninteractive
${sudo}apt-get update -qq
$sudo$install
