package scenario

import (
	"slices"

	"example.org/smtpauth/protocol/client"
	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/sasl/kerberos"
	"example.org/smtpauth/protocol/server"
	"example.org/smtpauth/protocol/session"
)

// Protections are the choices of SetProtection, best known first.
var Protections = []client.TLS{client.StartTLS, client.Implicit, client.NoTLS}

// Unknown is a mechanism that nobody implements, to see what the server says.
const Unknown = "FOOBAR"

// MechanismChoices are the names SetMechanism is offered with.
func MechanismChoices() []string {
	var names []string
	for _, m := range sasl.Mechanisms() {
		names = append(names, m.Name)
	}
	return append(append(names, sasl.Gone...), Unknown)
}

// SetUser changes the name the client logs in with. The server's accounts stay.
func SetUser(s *session.Setup, authcid string) { s.Client.User.Authcid = authcid }

// SetPassword changes the password the client has. The server's accounts stay.
func SetPassword(s *session.Setup, text string) { s.Client.User.Password = sasl.Secret{Text: text} }

// SetMechanism makes the client use one mechanism, and the server offer it; a
// name that nobody implements the client sends all the same.
func SetMechanism(s *session.Setup, name string) {
	s.Client.Mechanisms = []string{name}
	m, known := sasl.Lookup(name)
	if !known {
		s.Client.Insist = true
		return
	}
	if m.Name == "EXTERNAL" && s.TLS.Client == "" {
		s.TLS.Client = s.Client.User.Authcid
	}
	if m.Facts.Crosses == sasl.CrossesToken && s.Server.Tokens.Issuer == "" {
		s.Server.Tokens = tokens(s.Server.Host)
	}
	if m.Keyed && s.Server.Keytab.Realm == "" {
		s.Server.Keytab.Realm = kerberos.RealmOf(s.Server.Host)
	}
	for _, list := range []*[]string{&s.Server.BeforeTLS, &s.Server.AfterTLS} {
		if len(*list) > 0 && !slices.Contains(*list, m.Name) {
			*list = append(slices.Clone(*list), m.Name)
		}
	}
}

// SetRole moves the server to another port, with what belongs to that port:
// implicit TLS on 465, no STARTTLS there, and no log-in needed to hand over
// mail on 25.
func SetRole(s *session.Setup, r server.Role) {
	s.Server.Role = r
	s.Server.RequireAuth = r != server.Relay
	SetStartTLS(s, r != server.Submissions)
	switch implicit := s.Client.TLS == client.Implicit; {
	case r == server.Submissions:
		s.Client.TLS = client.Implicit
	case implicit:
		s.Client.TLS = client.StartTLS
	}
}

// SetProtection changes whether and when the session is protected, on both
// sides: the server lists STARTTLS where the client wants it, and in clear text
// it offers all its mechanisms and the client uses them. One that offered
// mechanisms in clear text alone offers them inside TLS.
func SetProtection(s *session.Setup, tls client.TLS) {
	switch {
	case tls == client.Implicit:
		SetRole(s, server.Submissions)
	case s.Server.Role == server.Submissions:
		SetRole(s, server.Submission)
	}
	if tls == client.StartTLS {
		SetStartTLS(s, true)
	}
	if tls != client.NoTLS && len(s.Server.AfterTLS) == 0 {
		s.Server.AfterTLS = s.Server.BeforeTLS
	}
	s.Client.TLS = tls
	s.Client.InClear = tls == client.NoTLS
	s.Server.BeforeTLS = nil
	if tls == client.NoTLS {
		s.Server.BeforeTLS, s.Server.WithoutTLS = slices.Clone(s.Server.AfterTLS), server.NotOffered
	}
}

// SetOffered makes the server offer a mechanism, or no longer offer it, inside
// TLS or in clear text. What it offers anew comes last.
func SetOffered(s *session.Setup, insideTLS bool, name string, offered bool) {
	list := &s.Server.BeforeTLS
	if insideTLS {
		list = &s.Server.AfterTLS
	}
	if slices.Contains(*list, name) == offered {
		return
	}
	if offered {
		*list = append(slices.Clone(*list), name)
		return
	}
	*list = slices.DeleteFunc(slices.Clone(*list), func(n string) bool { return n == name })
	if len(*list) == 0 {
		*list = nil
	}
}

// SetStartTLS makes the server list STARTTLS, or not. What it lists stands in
// the order of session.Keywords, or in its own: then STARTTLS comes last, and
// inside TLS nobody sees it.
func SetStartTLS(s *session.Setup, offered bool) {
	switch own := s.Server.Keywords; {
	case len(own) == 0:
	case offered && !slices.Contains(own, "STARTTLS"):
		s.Server.Keywords = append(slices.Clone(own), "STARTTLS")
	case !offered && s.Server.Role != server.Submissions:
		s.Server.Keywords = slices.DeleteFunc(slices.Clone(own), func(k string) bool { return k == "STARTTLS" })
	}
	if slices.Contains(s.Server.Extensions, "STARTTLS") == offered {
		return
	}
	has := s.Server.Extensions
	s.Server.Extensions = nil
	for _, k := range session.Keywords {
		if k == "STARTTLS" && offered || k != "STARTTLS" && slices.Contains(has, k) {
			s.Server.Extensions = append(s.Server.Extensions, k)
		}
	}
}

// SetStored changes what the server keeps of all passwords.
func SetStored(s *session.Setup, stored sasl.Stored) {
	s.Server.Accounts = slices.Clone(s.Server.Accounts)
	for i := range s.Server.Accounts {
		s.Server.Accounts[i].Stored = stored
	}
}

// SetAccount changes one account; nothing where there is none of that number.
func SetAccount(s *session.Setup, number int, change func(*sasl.Account)) {
	s.Server.Accounts = slices.Clone(s.Server.Accounts)
	if number < len(s.Server.Accounts) {
		change(&s.Server.Accounts[number])
	}
}

// SetMail changes the message; where there is none, it begins with the
// scenarios' own. With a nil change there will be none.
func SetMail(s *session.Setup, change func(*client.Mail)) {
	if change == nil {
		s.Client.Mail = nil
		return
	}
	m := *submission().Client.Mail
	if s.Client.Mail != nil {
		m = *s.Client.Mail
	}
	change(&m)
	s.Client.Mail = &m
}
