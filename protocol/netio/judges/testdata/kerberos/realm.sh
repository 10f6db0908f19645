#!/bin/sh
# realm.sh DIR USER PASSWORD HOST: makes a Kerberos realm in DIR, with a user,
# the key of smtp/HOST in DIR/keytab, and in DIR/other a key of the same name
# that the realm does not know. Its random seed is not waited for.
set -eu
dir=$1 user=$2 password=$3 host=$4
cp "$dir/krb5.conf" /etc/krb5.conf
export KRB5_KDC_PROFILE="$dir/kdc.conf"
kdb5_util create -r EXAMPLE.ORG -s -P master
kadmin.local -r EXAMPLE.ORG addprinc -pw "$password" "$user"
kadmin.local -r EXAMPLE.ORG addprinc -randkey "smtp/$host"
kadmin.local -r EXAMPLE.ORG ktadd -k "$dir/other" "smtp/$host"
kadmin.local -r EXAMPLE.ORG delprinc -force "smtp/$host"
kadmin.local -r EXAMPLE.ORG addprinc -randkey "smtp/$host"
kadmin.local -r EXAMPLE.ORG ktadd -k "$dir/keytab" "smtp/$host"
chmod 644 "$dir/keytab"
