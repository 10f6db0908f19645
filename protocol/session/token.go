package session

import (
	"cmp"
	"crypto/ed25519"
	"time"

	"example.org/smtpauth/protocol/sasl/issuer"
)

// Token is what the client's token says, where one is issued in the page. What
// is empty fits the server.
type Token struct {
	Subject  string `json:"subject,omitempty"`
	Audience string `json:"audience,omitempty"`
	Scope    string `json:"scope,omitempty"`
	Lasts    int    `json:"lasts,omitempty"`   // seconds from the start on, less than none for one that has expired; 0: an hour
	Foreign  bool   `json:"foreign,omitempty"` // signed with a key that is not the issuer's
}

// withToken gives the server its issuer's public key and the client a token of
// that issuer, where the set-up has none of its own. Both depend on the seed.
func withToken(s Setup) (Setup, error) {
	if s.Server.Tokens.Issuer == "" {
		return s, nil
	}
	key, err := issuer.NewKey([]byte(s.Seed))
	if err != nil {
		return s, err
	}
	if len(s.Server.Tokens.Key) == 0 {
		s.Server.Tokens.Key = key.Public().(ed25519.PublicKey)
	}
	if s.Client.User.Token.Withheld || s.Client.User.Token.Text != "" {
		return s, nil
	}
	if s.Token.Foreign {
		if key, err = issuer.NewKey([]byte(s.Seed + " foreign")); err != nil {
			return s, err
		}
	}
	claims := issuer.Claims{
		Issuer: s.Server.Tokens.Issuer, Subject: cmp.Or(s.Token.Subject, s.Client.User.Authcid),
		Audience: cmp.Or(s.Token.Audience, s.Server.Tokens.Audience), Scope: cmp.Or(s.Token.Scope, s.Server.Tokens.Scope),
	}
	lasts := time.Duration(s.Token.Lasts) * time.Second
	if lasts == 0 {
		lasts = time.Hour
	}
	expires := s.Start.Add(lasts)
	claims.IssuedAt, claims.Expires = min(s.Start.Unix(), expires.Unix()-3600), expires.Unix()
	s.Client.User.Token.Text, err = issuer.Sign(key, claims)
	return s, err
}
