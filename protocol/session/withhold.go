package session

import (
	"slices"
	"strconv"

	"example.org/smtpauth/protocol/sasl"
)

// Withhold returns the set-up without its passwords, but for those that are
// known to everybody anyway. Passwords that were equal still count as equal.
func (s Setup) Withhold(known ...string) Setup {
	s = s.ownAccounts()
	var taken []string
	for _, secret := range s.secrets() {
		if secret.Withheld || slices.Contains(known, secret.Text) {
			continue
		}
		as := slices.Index(taken, secret.Text)
		if as < 0 {
			as, taken = len(taken), append(taken, secret.Text)
		}
		*secret = sasl.Secret{Withheld: true, As: min(as, sasl.MaxAs)}
	}
	if token := &s.Client.User.Token; token.Text != "" && !slices.Contains(known, token.Text) {
		*token = sasl.Secret{Withheld: true}
	}
	s.Server.Keytab.Key = nil // one is made in the page
	return s
}

// StandIn returns the set-up with a made-up password in place of each that was
// withheld, and reports whether there was any. Those that were equal are equal
// again.
func (s Setup) StandIn() (Setup, bool) {
	s = s.ownAccounts()
	any := false
	for _, secret := range s.secrets() {
		if secret.Withheld {
			any = true
			*secret = sasl.Secret{Text: "stand-in-" + strconv.Itoa(secret.As+1)}
		}
	}
	if s.Client.User.Token.Withheld { // one is issued in the page
		any, s.Client.User.Token = true, sasl.Secret{}
	}
	return s, any
}

func (s Setup) ownAccounts() Setup {
	s.Server.Accounts = slices.Clone(s.Server.Accounts)
	return s
}

func (s *Setup) secrets() []*sasl.Secret {
	list := []*sasl.Secret{&s.Client.User.Password}
	for i := range s.Server.Accounts {
		list = append(list, &s.Server.Accounts[i].Password)
	}
	return list
}
