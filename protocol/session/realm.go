package session

import (
	"slices"
	"strings"
	"time"

	"example.org/smtpauth/protocol/sasl/kerberos"
	"example.org/smtpauth/protocol/trace"
)

// WithRealm gives the server the key of its service, where the set-up names a
// realm and no key. The key depends on the seed.
func WithRealm(s Setup) (Setup, error) {
	if s.Server.Keytab.Realm == "" || len(s.Server.Keytab.Key) > 0 {
		return s, nil
	}
	seed := s.Seed
	if s.Server.Keytab.Old {
		seed += " old"
	}
	var err error
	s.Server.Keytab.Key, err = kerberos.NewServiceKey([]byte(seed), s.Server.Keytab.Realm)
	return s, err
}

// CentreOf is the key distribution centre of the server's realm, in memory: it has
// the passwords of the accounts, and the key that the service ought to have. It
// makes the key of the client's user beforehand, so that no step waits for it.
// Nil: the set-up has no realm.
func CentreOf(s Setup, clock func() time.Time) (func([]byte) ([]byte, error), error) {
	realm := s.Server.Keytab.Realm
	if realm == "" {
		return nil, nil
	}
	key, err := kerberos.NewServiceKey([]byte(s.Seed), realm)
	if err != nil {
		return nil, err
	}
	k := &kerberos.KDC{Realm: realm, Host: strings.ToLower(s.Server.Host), Key: key, Users: map[string]string{},
		Rand: source(s.Seed, "kdc"), Now: clock}
	var quiet *trace.Recorder
	for _, a := range s.Server.Accounts {
		if name, err := quiet.PrepareStored("", trace.Constant(a.Name)); err == nil && !a.Password.Withheld {
			k.Users[name.String()] = a.Password.Text
		}
	}
	user, err := quiet.Prepare("", trace.Constant(s.Client.User.Authcid))
	if err != nil || !slices.Contains(s.Client.Mechanisms, "GSSAPI") {
		return k.Answer, nil
	}
	return k.Answer, k.Learn(user.String())
}
