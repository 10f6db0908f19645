#!/bin/sh
# inside.sh ROOT DIR COMMAND...: runs a command with the Debian packages that
# are unpacked in ROOT laid over this system, for it alone: in a mount namespace
# of its own, written to a tmpfs at DIR/over. Its accounts are added likewise.
# Wants root, and becomes the command: it ends by this process's id.
set -eu
if [ "${INSIDE:-}" != yes ]; then
  exec env INSIDE=yes unshare --mount --propagation private "$0" "$@"
fi
root=$1 dir=$2
shift 2
mkdir -p "$dir/over"
mount -t tmpfs tmpfs "$dir/over"
for tree in usr etc var; do
  mkdir -p "$root/$tree" "$dir/over/$tree" "$dir/over/.$tree"
  mount -t overlay overlay -o "lowerdir=$root/$tree:/$tree,upperdir=$dir/over/$tree,workdir=$dir/over/.$tree" "/$tree"
done
mount -t tmpfs tmpfs /run
# name:uid of what the packages would have made
for account in opensmtpd:64001 opensmtpq:64002 Debian-exim:64003 postfix:64004 postdrop:64005 dovecot:64006 dovenull:64007 letters:64010; do
  echo "${account%:*}:x:${account#*:}:${account#*:}::/nonexistent:/usr/sbin/nologin" >>/etc/passwd
  echo "${account%:*}:x:${account#*:}:" >>/etc/group
done
echo mail.example.org >/etc/mailname
exec "$@"
