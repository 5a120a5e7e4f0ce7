#!/usr/bin/env bash
# Builds what the virtual machine boots from: DIRECTORY/vmlinuz and DIRECTORY/root.img, about 10 s and 100 MiB.
# The kernel is Debian's for clouds, downloaded and not installed: it has NVMe, ext4 and the serial port built in, so
# neither an initial ramdisk nor modules are needed. Java, LXC and a busybox are copied from this machine.
# Done before with the same ingredients: there is nothing to do.
set -euo pipefail

directory=${1:?usage: [JAVA_HOME=…] build.sh DIRECTORY}
java_home=${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")}
here=$(dirname "$(readlink -f "$0")")

kernel=$(apt-cache depends linux-image-cloud-amd64 2>/dev/null | awk '/Depends:/ && !n++ { print $2 }') || true
if [ -z "$kernel" ]; then
  echo "apt knows no package linux-image-cloud-amd64: its lists may be empty (apt-get update)" >&2
  exit 1
fi

key="$kernel
$(apt-cache show --no-all-versions "$kernel" | grep '^SHA256:')
$(cat "$java_home/release")
$(lxc-start --version) $(busybox | sed -n 1p)
$(sha256sum < "$here/build.sh") $(sha256sum < "$here/init")"
if [ "$(cat "$directory/key" 2>/dev/null)" = "$key" ]; then
  exit 0
fi

rm -rf "$directory"
mkdir -p "$directory"
cd "$directory"
root=$PWD/root

# The kernel. Dropping root's rights for the download would need a directory that others may write to.
apt-get -q -o APT::Sandbox::User=root download "$kernel" >&2
dpkg-deb --fsys-tarfile "$kernel"_*.deb | tar -x --wildcards './boot/vmlinuz-*'
mv boot/vmlinuz-* vmlinuz
rm -r boot ./*.deb

# Copies to the image what these programs and libraries ask for; nothing for those that are linked statically.
copy_libraries() {
  local library
  { ldd "$@" 2>/dev/null || true; } | sed -n 's/.* => //; s/^[[:space:]]*\(\/[^ ]*\) (.*/\1/p' | sort -u |
    while read -r library; do
      case $library in "$root"/*) continue ;; esac
      [ -e "$root$library" ] || install -D "$(readlink -f "$library")" "$root$library"
    done
}

# Copies programs to the same place in the image.
copy() {
  local program
  for program in "$@"; do
    install -D "$(readlink -f "$program")" "$root$program"
  done
  copy_libraries "$@"
}

mkdir -p "$root"/{bin,sbin,usr/bin,etc,proc,sys,dev,tmp,run,job,work,var/lib/lxc,opt}
copy "$(command -v busybox)" "$(command -v lxc-start)" "$(command -v lxc-stop)" "$(command -v lxc-info)"
[ -e "$root/bin/busybox" ] || mv "$root/usr/bin/busybox" "$root/bin/busybox"
for applet in $(busybox --list); do
  [ -e "$root/bin/$applet" ] || ln -s busybox "$root/bin/$applet"
done
# An empty directory, compiled into LXC, on which it mounts a container's files.
for mount_point in /usr/lib/*/lxc/rootfs; do
  mkdir -p "$root$mount_point"
done

# The class data are shared, or every start would verify and lay out the JDK's classes again.
"$java_home/bin/jlink" --no-header-files --no-man-pages --strip-java-debug-attributes \
  --add-modules java.logging,java.management,jdk.management,jdk.unsupported --output "$root/opt/java"
"$root/opt/java/bin/java" -Xshare:dump
copy_libraries "$root/opt/java/bin/java" "$root"/opt/java/lib/*.so "$root/opt/java/lib/server/libjvm.so"

install "$here/init" "$root/sbin/init"
echo 'root:x:0:0:root:/:/bin/sh' > "$root/etc/passwd"
echo '127.0.0.1 localhost' > "$root/etc/hosts"

truncate -s 320M root.img
mkfs.ext4 -q -F -E root_owner=0:0 -d "$root" root.img
rm -rf "$root"
echo "$key" > key
