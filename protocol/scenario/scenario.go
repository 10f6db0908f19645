// Package scenario holds set-ups worth looking at, as data. Their titles and
// stories are words of the page.
package scenario

import (
	"time"

	"example.org/smtpauth/protocol/client"
	"example.org/smtpauth/protocol/quirk"
	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/sasl/kerberos"
	"example.org/smtpauth/protocol/server"
	"example.org/smtpauth/protocol/session"
)

// A Scenario is a set-up by name.
type Scenario struct {
	ID    string
	Codes []int // the reply codes to look for
	Setup func() session.Setup
	// Inputs come before the steps to the end, where somebody else acts too.
	Inputs []session.Input
}

// Start makes the scenario's session, up to its first frame and what somebody
// else does.
func (s Scenario) Start() (*session.Session, error) { return session.New(s.Setup(), s.Inputs...) }

// Default is the one that the page opens with.
const Default = "cram-md5"

// All are the scenarios in the order of the chooser: log-ins that succeed, then
// refusals, then what a policy decides, then somebody on the wire, then history.
var All = []Scenario{
	{ID: "cram-md5", Codes: []int{235}, Setup: submission},
	{ID: "plain-initial", Codes: []int{235}, Setup: with(plain, func(s *session.Setup) { s.Client.Initial = true })},
	{ID: "plain", Codes: []int{334, 235}, Setup: plain},
	{ID: "plain-25", Codes: []int{235}, Setup: with(plain, func(s *session.Setup) {
		SetRole(s, server.Relay)
		s.Client.Initial = true
	})},
	{ID: "plain-implicit", Codes: []int{235}, Setup: with(plain, func(s *session.Setup) {
		SetRole(s, server.Submissions)
		s.Client.Initial = true
	})},
	{ID: "login-clear", Codes: []int{235}, Setup: with(relay, func(s *session.Setup) {
		s.Server.BeforeTLS, s.Client.TLS = []string{"LOGIN"}, client.NoTLS
		s.Client.Mechanisms, s.Client.InClear = []string{"LOGIN"}, true
	})},
	{ID: "scram-sha-256", Codes: []int{235}, Setup: scram},
	{ID: "scram-sha-1", Codes: []int{235}, Setup: with(scram, func(s *session.Setup) { // RFC 5802's own example
		SetMechanism(s, "SCRAM-SHA-1")
		s.Client.Nonce, s.Server.Nonce = "fyko+d2lbbFgONRv9qkxdawL", "3rfcNHYJY1ZVvWVs7j"
		s.Server.Accounts[0].Stored, s.Server.Accounts[0].Salt = sasl.StoredSCRAM1, []byte("A%\xc2G\xe4:\xb1\xe9<m\xffv")
	})},
	{ID: "scram-plus", Codes: []int{235}, Setup: plus},
	{ID: "scram-plus-end-point", Codes: []int{235}, Setup: with(plus, func(s *session.Setup) { s.Client.Binding = sasl.TLSServerEndPoint })},
	{ID: "digest-md5", Codes: []int{235}, Setup: digest},
	{ID: "digest-again", Codes: []int{235}, Setup: with(digest, func(s *session.Setup) {
		s.Client.Again, s.Server.DigestAgain = s.Server.Nonce, true
	})},
	{ID: "ntlm", Codes: []int{334, 235}, Setup: ntlm},
	{ID: "ntlm-v1", Codes: []int{334, 235}, Setup: with(ntlm, func(s *session.Setup) {
		s.Client.NTLM, s.Server.NTLMv1 = sasl.NTLMv1, true
	})},
	{ID: "srp", Codes: []int{235}, Setup: srp},
	{ID: "srp-6a", Codes: []int{235}, Setup: with(srp, func(s *session.Setup) { s.Client.SRP6a, s.Server.SRP6a = true, true })},
	{ID: "gssapi", Codes: []int{235}, Setup: gss},
	{ID: "oauthbearer", Codes: []int{235}, Setup: oauth},
	{ID: "xoauth2", Codes: []int{235}, Setup: with(oauth, func(s *session.Setup) { SetMechanism(s, "XOAUTH2") })},
	{ID: "xoauth2-expired", Codes: []int{334, 535}, Setup: with(oauth, func(s *session.Setup) {
		SetMechanism(s, "XOAUTH2")
		s.Token.Lasts = -600
	})},
	{ID: "oauth-audience", Codes: []int{334, 535}, Setup: with(oauth, func(s *session.Setup) { s.Token.Audience = "calendar.example.org" })},
	{ID: "oauth-scope", Codes: []int{334, 535}, Setup: with(oauth, func(s *session.Setup) { s.Token.Scope = "calendar" })},
	{ID: "oauth-foreign", Codes: []int{334, 535}, Setup: with(oauth, func(s *session.Setup) { s.Token.Foreign = true })},
	{ID: "external", Codes: []int{235}, Setup: external},
	{ID: "external-without", Codes: []int{504}, Setup: with(external, func(s *session.Setup) {
		s.TLS.Client, s.Client.Insist = "", true
	})},
	{ID: "anonymous", Codes: []int{235, 550}, Setup: with(relay, func(s *session.Setup) {
		SetMechanism(s, "ANONYMOUS")
		s.Client.User.Authcid, s.Client.Initial = "sirhc", true
		s.Server.Role, s.Server.RequireAuth = server.Submission, true
	})},
	{ID: "wrong-password", Codes: []int{535}, Setup: with(submission, func(s *session.Setup) {
		SetPassword(s, "tanstaaftanstaaF")
	})},
	{ID: "unknown-user", Codes: []int{535}, Setup: with(submission, func(s *session.Setup) { SetUser(s, "tom") })},
	{ID: "unknown-mechanism", Codes: []int{504}, Setup: with(submission, func(s *session.Setup) { SetMechanism(s, Unknown) })},
	{ID: "scram-wrong-password", Codes: []int{535}, Setup: with(scram, func(s *session.Setup) { SetPassword(s, "Pencil") })},
	{ID: "scram-errors", Codes: []int{334, 535}, Setup: with(scram, func(s *session.Setup) {
		SetPassword(s, "Pencil")
		s.Server.SCRAMErrors = true
	})},
	{ID: "scram-transition", Codes: []int{432}, Setup: with(scram, func(s *session.Setup) { s.Server.Accounts[0].Stored = sasl.Hashed })},
	{ID: "scram-iterations", Codes: []int{501}, Setup: with(scram, func(s *session.Setup) { s.Server.Accounts[0].Iterations = 1_000_000_000 })},
	{ID: "scram-impostor", Inputs: impostor, Setup: with(scram, func(s *session.Setup) {
		SetProtection(s, client.NoTLS)
		s.Client.Initial = true
	})},
	{ID: "scram-middle", Codes: []int{235}, Setup: with(scram, middle)},
	{ID: "scram-plus-middle", Codes: []int{535}, Setup: with(plus, middle)},
	{ID: "scram-downgrade", Codes: []int{535}, Setup: with(plus, middle, func(s *session.Setup) {
		s.TLS.Middle.StripPlus = true
		s.Client.Mechanisms = []string{"SCRAM-SHA-256-PLUS", "SCRAM-SHA-256"}
	})},
	{ID: "ntlm-wrong-password", Codes: []int{535}, Setup: with(ntlm, func(s *session.Setup) { SetPassword(s, "password") })},
	{ID: "ntlm-v1-refused", Codes: []int{535}, Setup: with(ntlm, func(s *session.Setup) { s.Client.NTLM = sasl.NTLMv1 })},
	{ID: "srp-wrong-password", Codes: []int{535}, Setup: with(srp, func(s *session.Setup) { SetPassword(s, "tanstaaftanstaaF") })},
	{ID: "gssapi-wrong-password", Codes: []int{501}, Setup: with(gss, func(s *session.Setup) { SetPassword(s, "tanstaaftanstaaF") })},
	{ID: "gssapi-wrong-key", Codes: []int{535}, Setup: with(gss, func(s *session.Setup) { s.Server.Keytab.Old = true })},
	{ID: "cancelled", Codes: []int{501}, Setup: with(submission, func(s *session.Setup) { s.Client.Cancel = true })},
	{ID: "auth-before-tls", Codes: []int{530}, Setup: with(plain, func(s *session.Setup) {
		s.Server.WithoutTLS = server.Answer530
		s.Client.TLS, s.Client.Insist = client.NoTLS, true
	})},
	{ID: "relay", Codes: []int{550, 235}, Setup: with(relay, func(s *session.Setup) { s.Client.When = client.OnDemand })},
	{ID: "sender", Codes: []int{553}, Setup: with(submission, func(s *session.Setup) { s.Client.Mail.From = "boss@example.org" })},
	{ID: "wrong-host", Setup: with(submission, func(s *session.Setup) { s.TLS.Certificate.Host = "mail.example.net" })},
	{ID: "stripped-insist", Inputs: strip, Setup: with(plain, func(s *session.Setup) { s.Client.Initial = true })},
	{ID: "stripped", Codes: []int{503}, Inputs: strip, Setup: with(plain, func(s *session.Setup) {
		s.Client.TLS, s.Client.InClear, s.Client.Initial = client.IfOffered, true, true
	})},
	{ID: "mox-v0.0.11", Codes: []int{501}, Setup: with(mox, func(s *session.Setup) {
		s.Server.Login = sasl.Prompts{Password: "Password"}
	})},
	{ID: "mox-v0.0.12", Codes: []int{235}, Setup: with(mox, func(s *session.Setup) {
		s.Server.Login = sasl.Prompts{Username: "Username:", Password: "Password:"}
	})},
}

// strip is somebody on the wire who replaces the server's list of extensions
// by one without STARTTLS that asks for a password.
var strip = []session.Input{
	{Kind: session.Step, Times: 3},
	{Kind: session.Change, Toward: session.Client, Octets: []byte("250-mail.example.org\r\n250-PIPELINING\r\n250-8BITMIME\r\n" +
		"250-ENHANCEDSTATUSCODES\r\n250-SIZE 10485760\r\n250 AUTH PLAIN\r\n")},
}

// ByID finds a scenario.
func ByID(id string) (Scenario, bool) {
	for _, s := range All {
		if s.ID == id {
			return s, true
		}
	}
	return Scenario{}, false
}

// Of is the scenario that shows a mechanism: the first whose client would use
// it before any other. Where there is none, it is the default one, for
// SetMechanism to change.
func Of(mechanism string) (s Scenario, shows bool) {
	for _, s := range All {
		if setup := s.Setup(); setup.Client.Mechanisms[0] == mechanism {
			return s, true
		}
	}
	s, _ = ByID(Default)
	return s, false
}

// impostor is somebody on the wire who puts his own signature in the place of
// the server's.
var impostor = []session.Input{
	{Kind: session.Step, Times: 8},
	{Kind: session.Change, Toward: session.Client, Octets: []byte("334 dj03cnJpVFJCaTIzV3BSUi93dHVwK21NaFVaVW4vZEI1bkxUSlJzamw5NUc0PQ==\r\n")},
}

// middle puts somebody into the middle of TLS whom the client's authorities
// vouch for.
func middle(s *session.Setup) { s.TLS.Middle = session.Middle{On: true, Trusted: true} }

func with(base func() session.Setup, changes ...func(*session.Setup)) func() session.Setup {
	return func() session.Setup {
		s := base()
		for _, change := range changes {
			change(&s)
		}
		return s
	}
}

// submission is port 587 with STARTTLS and CRAM-MD5, with the values of RFC
// 2195's example: the digest is b913a602c7eda7a495b4e6e7334d3890.
func submission() session.Setup {
	return session.Setup{
		Seed:  "playground",
		Start: time.Date(2026, 1, 15, 9, 30, 0, 0, time.UTC),
		Client: client.Plan{
			Name: "client.example.net", Host: "mail.example.org",
			TLS: client.StartTLS, When: client.First, Mechanisms: []string{"CRAM-MD5"},
			User: sasl.Credentials{Authcid: "tim", Password: sasl.Secret{Text: "tanstaaftanstaaf"}},
			Mail: &client.Mail{
				From: "tim@example.org", To: []string{"ursel@example.com"},
				Text: "From: Tim <tim@example.org>\r\nTo: Ursel <ursel@example.com>\r\nSubject: Lunch\r\n" +
					"Date: Thu, 15 Jan 2026 09:30:00 +0000\r\nMessage-ID: <lunch.1@example.org>\r\n\r\n" +
					"There ain't no such thing\r\nas a free lunch.\r\n",
			},
		},
		Server: server.Policy{
			Host: "mail.example.org", Role: server.Submission,
			Extensions: []string{"PIPELINING", "8BITMIME", "STARTTLS", "ENHANCEDSTATUSCODES"}, MaxSize: server.DefaultMax,
			AfterTLS: []string{"PLAIN", "LOGIN", "CRAM-MD5"}, WithoutTLS: server.NotOffered,
			RequireAuth: true, LocalDomains: []string{"example.org"},
			Accounts: []sasl.Account{{
				Name: "tim", Password: sasl.Secret{Text: "tanstaaftanstaaf"}, Stored: sasl.Clear,
				Senders: []string{"tim@example.org"},
			}},
			Login:     sasl.Prompts{Username: "Username:", Password: "Password:"},
			Challenge: "<1896.697170952@postoffice.reston.mci.net>",
		},
	}
}

func plain() session.Setup {
	s := submission()
	s.Client.Mechanisms = []string{"PLAIN"}
	s.Server.Challenge = ""
	s.Server.Accounts[0].Stored = sasl.Hashed
	return s
}

// scram is SCRAM-SHA-256 with the values of RFC 7677's example: the proof is
// dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=.
func scram() session.Setup {
	s := submission()
	SetMechanism(&s, "SCRAM-SHA-256")
	s.Server.Challenge, s.Server.AfterTLS = "", []string{"SCRAM-SHA-256", "SCRAM-SHA-1", "PLAIN"}
	s.Client.Nonce, s.Server.Nonce = "rOprNGfwEbeRWgbNEkqO", "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
	s.Client.User.Authcid, s.Client.User.Password = "user", sasl.Secret{Text: "pencil"}
	s.Server.Accounts = []sasl.Account{{
		Name: "user", Password: sasl.Secret{Text: "pencil"}, Stored: sasl.StoredSCRAM256,
		Salt: []byte("[m\x99h\x9d\x125\x8e\xec\xa0K\x14\x126\xfa\x81"), Iterations: 4096,
		Senders: []string{"tim@example.org"},
	}}
	return s
}

// plus is the same bound to the TLS connection, which is made anew each time.
func plus() session.Setup {
	s := scram()
	s.Server.AfterTLS = []string{"SCRAM-SHA-256-PLUS", "SCRAM-SHA-256", "PLAIN"}
	s.Client.Mechanisms = []string{"SCRAM-SHA-256-PLUS"}
	return s
}

// digest is DIGEST-MD5 with the values of RFC 2831's example but for the
// service: the response is 52ff44907f72314481b5c098c708ebf3.
func digest() session.Setup {
	s := submission()
	s.Server.AfterTLS, s.Server.Challenge = []string{"DIGEST-MD5", "CRAM-MD5", "PLAIN"}, ""
	s.Client.Mechanisms = []string{"DIGEST-MD5"}
	s.Client.Host, s.Server.Host = "elwood.innosoft.com", "elwood.innosoft.com"
	s.Client.Realm, s.Server.Realm = s.Server.Host, s.Server.Host
	s.Client.Nonce, s.Server.Nonce = "OA6MHXh6VqTrRk", "OA6MG9tEQGm2hh"
	s.Client.User.Authcid, s.Client.User.Password = "chris", sasl.Secret{Text: "secret"}
	s.Server.Accounts = []sasl.Account{{
		Name: "chris", Password: sasl.Secret{Text: "secret"}, Stored: sasl.StoredDigest, Realm: s.Server.Realm,
		Senders: []string{"tim@example.org"},
	}}
	return s
}

// ntlm is NTLMv2 with user, domain, password and challenges of [MS-NLMP] §4.2:
// the NT hash is a4f49c406510bdcab6824ee7c30fd852.
func ntlm() session.Setup {
	s := submission()
	s.Server.AfterTLS, s.Server.Challenge = []string{"NTLM", "PLAIN"}, ""
	s.Client.Mechanisms = []string{"NTLM"}
	s.Client.Domain, s.Server.Domain, s.Client.Workstation = "Domain", "Domain", "COMPUTER"
	s.Client.Nonce, s.Server.Nonce = "aaaaaaaaaaaaaaaa", "0123456789abcdef"
	s.Client.User.Authcid, s.Client.User.Password = "User", sasl.Secret{Text: "Password"}
	s.Server.Accounts = []sasl.Account{{
		Name: "User", Password: sasl.Secret{Text: "Password"}, Stored: sasl.StoredNT,
		Senders: []string{"tim@example.org"},
	}}
	return s
}

// srp is SRP with a verifier in the group of 2048 bits.
func srp() session.Setup {
	s := plain()
	s.Server.AfterTLS, s.Client.Mechanisms = []string{"SRP", "PLAIN"}, []string{"SRP"}
	s.Server.Accounts[0].Stored = sasl.StoredSRP
	return s
}

// gss is GSSAPI with a ticket that is issued in the page. The server needs
// nothing of the password; what it keeps is for PLAIN.
func gss() session.Setup {
	s := plain()
	s.Server.Accounts[0].Stored = sasl.Hashed
	s.Server.AfterTLS, s.Client.Mechanisms = []string{"GSSAPI", "PLAIN"}, []string{"GSSAPI"}
	s.Server.Keytab.Realm = kerberos.RealmOf(s.Server.Host)
	return s
}

// oauth is OAUTHBEARER with a token that is issued in the page.
func oauth() session.Setup {
	s := plain()
	s.Server.AfterTLS = []string{"OAUTHBEARER", "XOAUTH2", "PLAIN"}
	s.Client.Mechanisms = []string{"OAUTHBEARER"}
	s.Server.Tokens = tokens(s.Server.Host)
	return s
}

// tokens are those of one issuer for one server.
func tokens(host string) sasl.TokenRules {
	return sasl.TokenRules{Issuer: "https://login.example.org", Audience: host, Scope: "smtp"}
}

// external is EXTERNAL with a client certificate; the password is not used.
func external() session.Setup {
	s := plain()
	s.Server.AfterTLS, s.Client.Mechanisms = []string{"EXTERNAL", "SCRAM-SHA-256", "PLAIN"}, []string{"EXTERNAL"}
	s.TLS.Client, s.Client.Initial = "tim", true
	s.Server.Accounts[0].Stored = sasl.StoredSCRAM256
	return s
}

// relay is port 25: mail for its own domain from anybody, for others only from
// users.
func relay() session.Setup {
	s := submission()
	s.Server.Role, s.Server.RequireAuth, s.Server.Challenge = server.Relay, false, ""
	return s
}

// mox is the listener that the LOGIN prompts of these versions were recorded
// on: everything in clear text, on loopback.
func mox() session.Setup {
	s := submission()
	s.Server.BeforeTLS = []string{"CRAM-MD5", "PLAIN", "LOGIN"}
	s.Server.Challenge = ""
	s.Client.TLS, s.Client.InClear = client.NoTLS, true
	s.Client.Mechanisms, s.Client.Quirks = []string{"LOGIN"}, quirk.Set{quirk.LoginExactPrompts}
	return s
}
