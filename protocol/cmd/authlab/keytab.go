package main

import (
	"cmp"
	"slices"
	"strings"

	"github.com/jcmturner/gokrb5/v8/keytab"

	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/sasl/kerberos"
)

// readKeytab reads the keys of smtp/host from a file of MIT Kerberos, as
// ktutil and kadmin's ktadd write it: those of the two types known here, the
// newest first. They have to be of one realm, which is the server's then.
func readKeytab(file, host string) (k sasl.Keytab, err error) {
	text, err := readFile(file, maxSecrets)
	if err != nil {
		return k, err
	}
	if len(text) == 0 {
		return k, bad("-keytab: %s is empty", file)
	}
	all := keytab.New()
	if string(text) != "\x05\x02" { // the head alone, with no entry behind it
		if all.Unmarshal(text) != nil { // its error has the file's octets, so keys
			return k, bad("-keytab: %s is no keytab", file)
		}
	}
	service := kerberos.Service + "/" + strings.ToLower(host)
	found := false
	for _, e := range all.Entries {
		if strings.Join(e.Principal.Components, "/") != service {
			continue
		}
		found = true
		if key := e.Key.KeyValue; kerberos.EType(key) != 0 && kerberos.EType(key) == int64(e.Key.KeyType) {
			if k.Realm != "" && k.Realm != e.Principal.Realm {
				return k, bad("-keytab: %s has keys of %s in more than one realm: %s, %s", file, service, k.Realm, e.Principal.Realm)
			}
			k.Realm = e.Principal.Realm
			k.Keys = append(k.Keys, sasl.ServiceKey{Version: e.KVNO, Key: key})
		}
	}
	switch {
	case !found:
		return k, bad("-keytab: %s has no key of %s", file, service)
	case len(k.Keys) == 0:
		return k, bad("-keytab: %s has keys of %s, but none for aes128- or aes256-cts-hmac-sha1-96", file, service)
	}
	slices.SortStableFunc(k.Keys, func(a, b sasl.ServiceKey) int { return cmp.Compare(b.Version, a.Version) })
	k.Key = k.Keys[0].Key
	return k, nil
}
