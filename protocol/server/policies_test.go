package server

import (
	"math/rand/v2"
	"testing"
	"time"

	"example.org/smtpauth/protocol/held"
	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/quirk"
	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/trace"
)

// begin is what the clock of every test shows at first.
var begin = time.Date(2026, 1, 15, 9, 30, 0, 0, time.UTC)

// accounts are those of every policy. Only tim and boss are held to their
// senders.
func accounts() []sasl.Account {
	secret := func(text string) sasl.Secret { return sasl.Secret{Text: text} }
	return []sasl.Account{
		{Name: "tim", Password: secret("tanstaaftanstaaf"), Stored: sasl.Clear, Senders: []string{"tim@example.org"}},
		{Name: "boss", Password: secret("secret"), Stored: sasl.Clear, Senders: []string{"boss@example.org"}, ActAs: []string{"tim", "nobody"}},
		{Name: "борис", Password: secret("пароль"), Stored: sasl.Clear},
		{Name: "ali baba", Password: secret("sesame"), Stored: sasl.Clear},
	}
}

var all = []string{"PLAIN", "LOGIN", "CRAM-MD5"}

// policies are those that the dialogues name.
var policies = map[string]func() Policy{
	// Port 587: everything behind STARTTLS.
	"submission": submissionPolicy,
	// All that this server can do, in clear text too.
	"clear":                        clearPolicy,
	"clear, authentication wanted": changed(clearPolicy, func(p *Policy) { p.RequireAuth = true }),
	"clear, anybody":               changed(clearPolicy, func(p *Policy) { p.BeforeTLS = []string{"ANONYMOUS"} }),
	"clear, CRAM-MD5 only":         changed(clearPolicy, func(p *Policy) { p.BeforeTLS = []string{"CRAM-MD5"} }),
	"clear, CRAM-MD5 only, 504": changed(clearPolicy, func(p *Policy) {
		p.BeforeTLS, p.WithoutTLS = []string{"CRAM-MD5"}, Answer504
	}),
	"clear, CRAM-MD5 only, 538": changed(clearPolicy, func(p *Policy) {
		p.BeforeTLS, p.WithoutTLS = []string{"CRAM-MD5"}, Legacy538
	}),
	// The challenge of the RFC's example, and an account of which a hash is kept.
	"clear, RFC 2195": changed(clearPolicy, func(p *Policy) {
		p.Challenge = "<1896.697170952@postoffice.reston.mci.net>"
		p.Accounts = append(p.Accounts, sasl.Account{Name: "ursel", Password: sasl.Secret{Text: "geheim"}, Stored: sasl.Hashed})
	}),
	// What a recorded client answered to this challenge is right.
	"clear, NTLM": changed(clearPolicy, func(p *Policy) {
		p.BeforeTLS, p.Nonce, p.NTLMv1 = []string{"NTLM"}, "8ea1df3729454b00", true
	}),
	"clear, NTLM in words":   changed(clearPolicy, func(p *Policy) { p.BeforeTLS, p.NTLMWords = []string{"NTLM", "PLAIN"}, true }),
	"clear, other prompts":   changed(clearPolicy, func(p *Policy) { p.Login = sasl.Prompts{Password: "Password", NoInitial: true} }),
	"clear, 3 errors":        changed(clearPolicy, func(p *Policy) { p.Limits.Errors = 3 }),
	"clear, unknown names":   changed(clearPolicy, func(p *Policy) { p.BeforeTLS = []string{"FOOBAR", "PLAIN"} }),
	"submission, TLS wanted": changed(submissionPolicy, func(p *Policy) { p.WithoutTLS = Answer530 }),
	// Port 465: TLS before the greeting.
	"submissions": changed(submissionPolicy, func(p *Policy) { p.Role = Submissions }),
	"submissions, STARTTLS not done": changed(submissionPolicy, func(p *Policy) {
		p.Role, p.Extensions = Submissions, []string{"ENHANCEDSTATUSCODES"}
	}),
	// Port 25: mail for example.org from anybody.
	"relay": changed(submissionPolicy, func(p *Policy) { p.Role, p.RequireAuth = Relay, false }),
	// No extension at all.
	"bare": changed(clearPolicy, func(p *Policy) {
		p.Extensions, p.MaxSize, p.BeforeTLS, p.AfterTLS = nil, 0, nil, nil
	}),
	"SMTPUTF8 without 8BITMIME": changed(clearPolicy, func(p *Policy) { p.Extensions = []string{"SMTPUTF8"} }),
	"small messages":            changed(clearPolicy, func(p *Policy) { p.MaxSize = 100 }),
	"messages of 2000":          changed(clearPolicy, func(p *Policy) { p.MaxSize = 2000 }),
}

func submissionPolicy() Policy {
	return Policy{
		Host: "mail.example.org", Role: Submission,
		Extensions: []string{"PIPELINING", "8BITMIME", "STARTTLS", "ENHANCEDSTATUSCODES"}, MaxSize: DefaultMax,
		AfterTLS: all, WithoutTLS: NotOffered, RequireAuth: true, LocalDomains: []string{"example.org"}, Accounts: accounts(),
		Login: sasl.Prompts{Username: "Username:", Password: "Password:"},
	}
}

func clearPolicy() Policy {
	p := submissionPolicy()
	p.Extensions = []string{"PIPELINING", "8BITMIME", "SMTPUTF8", "STARTTLS", "ENHANCEDSTATUSCODES", "HELP"}
	p.BeforeTLS, p.RequireAuth = all, false
	return p
}

func changed(base func() Policy, change func(*Policy)) func() Policy {
	return func() Policy {
		p := base()
		change(&p)
		return p
	}
}

// A host is a server with the clock that it reads.
type host struct {
	*Server
	now time.Time
	t   testing.TB
}

// Step and Stop note the rules of what follows.
func (h *host) Step(in machine.Input) []Event { return h.noted(h.Server.Step(in)) }

func (h *host) Stop(why Why) []Event { return h.noted(h.Server.Stop(why)) }

func (h *host) noted(events []Event) []Event {
	for _, e := range events {
		held.Note(h.t, held.Server, e.Rule.ID)
		for _, n := range e.Quirks {
			q, _ := quirk.Lookup(n)
			held.Note(h.t, held.Server, q.Rule)
		}
	}
	return events
}

// newHost makes a server that nobody has connected to.
func newHost(t testing.TB, p Policy) *host {
	t.Helper()
	return newHostWith(t, p, sasl.Env{Rand: rand.NewChaCha8([32]byte{1}), Trace: trace.NewRecorder(trace.Server)})
}

func newHostWith(t testing.TB, p Policy, env sasl.Env) *host {
	t.Helper()
	h := &host{now: begin, t: t}
	env.Now = func() time.Time { return h.now }
	s, err := New(p, env)
	if err != nil {
		t.Fatal(err)
	}
	h.Server = s
	return h
}

// wait moves the clock.
func (h *host) wait(d time.Duration) []Event {
	h.now = h.now.Add(d)
	return h.Step(machine.Input{Kind: machine.Clock, Now: h.now})
}

// say sends octets.
func (h *host) say(octets string) []Event {
	return h.Step(machine.Input{Kind: machine.Octets, Octets: []byte(octets)})
}
