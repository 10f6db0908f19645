package client

import (
	"math/rand/v2"
	"strings"
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

// plans are those that the dialogues name.
var plans = map[string]func() Plan{
	// STARTTLS or nothing, then the best mechanism of all.
	"careful":                careful,
	"careful, PLAIN":         changed(careful, use("PLAIN")),
	"careful, PLAIN at once": changed(careful, use("PLAIN"), atOnce),
	"careful, LOGIN PLAIN":   changed(careful, use("PLAIN", "LOGIN")),
	"TLS if offered":         changed(careful, func(p *Plan) { p.TLS = IfOffered }),
	"TLS before all":         changed(careful, func(p *Plan) { p.TLS = Implicit }),
	"TLS if offered, mail":   changed(mailing, func(p *Plan) { p.TLS = IfOffered }),
	// In clear text, whatever the mechanism.
	"clear, CRAM-MD5":      changed(careful, open, use("CRAM-MD5")),
	"clear, PLAIN":         changed(careful, open, use("PLAIN")),
	"clear, PLAIN at once": changed(careful, open, use("PLAIN"), atOnce),
	"clear, LOGIN":         changed(careful, open, use("LOGIN")),
	"clear, LOGIN at once": changed(careful, open, use("LOGIN"), atOnce),
	"clear, NTLM":          changed(careful, open, use("NTLM")),
	"clear, NTLM at once":  changed(careful, open, use("NTLM"), atOnce),
	"clear, ANONYMOUS":     changed(careful, open, use("ANONYMOUS"), atOnce, func(p *Plan) { p.User.Authcid = "" }),
	"clear, LOGIN, own words": changed(careful, open, use("LOGIN"), func(p *Plan) {
		p.Quirks = quirk.Set{quirk.LoginExactPrompts}
	}),
	"clear, PLAIN, given up":  changed(careful, open, use("PLAIN"), func(p *Plan) { p.Cancel = true }),
	"clear, no password":      changed(careful, open, use("PLAIN"), atOnce, func(p *Plan) { p.User.Password = sasl.Secret{Withheld: true} }),
	"clear, NUL in password":  changed(careful, open, use("PLAIN"), atOnce, func(p *Plan) { p.User.Password.Text = "a\x00b" }),
	"clear, NUL, not at once": changed(careful, open, use("PLAIN"), func(p *Plan) { p.User.Password.Text = "a\x00b" }),
	"clear, password of 400":  changed(careful, open, use("PLAIN"), atOnce, func(p *Plan) { p.User.Password.Text = strings.Repeat("x", 400) }),
	"clear, password of 367":  changed(careful, open, use("PLAIN"), atOnce, func(p *Plan) { p.User.Password.Text = strings.Repeat("x", 367) }),
	"clear, password of 368":  changed(careful, open, use("PLAIN"), atOnce, func(p *Plan) { p.User.Password.Text = strings.Repeat("x", 368) }),
	"clear, password of 9300": changed(careful, open, use("PLAIN"), func(p *Plan) { p.User.Password.Text = strings.Repeat("x", 9300) }),
	"clear, as another":       changed(careful, open, use("PLAIN"), atOnce, func(p *Plan) { p.User.Authzid = "ursel" }),
	"clear, PLAIN, orders":    changed(careful, open, use("PLAIN"), atOnce, func(p *Plan) { p.Quirks = quirk.Set{quirk.LettersKept} }),
	// No password in clear text, no TLS either.
	"no TLS":                 changed(careful, func(p *Plan) { p.TLS = NoTLS }),
	"no TLS, insists":        changed(careful, func(p *Plan) { p.TLS, p.Insist = NoTLS, true }),
	"no TLS, insists, PLAIN": changed(careful, use("PLAIN"), func(p *Plan) { p.TLS, p.Insist = NoTLS, true }),
	"insists on OAUTHBEARER": changed(careful, use("OAUTHBEARER"), func(p *Plan) { p.TLS, p.Insist = NoTLS, true }),
	"insists on GSSAPI":      changed(careful, use("GSSAPI"), func(p *Plan) { p.TLS, p.Insist = NoTLS, true }),
	"insists on EXTERNAL":    changed(careful, use("EXTERNAL"), func(p *Plan) { p.TLS, p.Insist = NoTLS, true }),
	"insists on FOOBAR":      changed(careful, use("FOOBAR"), func(p *Plan) { p.TLS, p.Insist = NoTLS, true }),
	"insists on nothing":     changed(careful, use(), func(p *Plan) { p.TLS, p.Insist = NoTLS, true }),
	// Mail without and with a log-in.
	"mail":                 mailing,
	"mail, dots":           changed(mailing, func(p *Plan) { p.Mail.Text = ".\r\n..a\r\nb.\r\n.c" }),
	"mail, bare line ends": changed(mailing, func(p *Plan) { p.Mail.Text = "a\nb\rc\r\n\n" }),
	"mail, 8 bits":         changed(mailing, func(p *Plan) { p.Mail.Text = "тим\r\n" }),
	"mail, empty":          changed(mailing, func(p *Plan) { p.Mail.Text = "" }),
	"mail, long line":      changed(mailing, func(p *Plan) { p.Mail.Text = strings.Repeat("x", 999) }),
	"mail, longest line":   changed(mailing, func(p *Plan) { p.Mail.Text = strings.Repeat("x", 998) }),
	"mail, bad sender":     changed(mailing, func(p *Plan) { p.Mail.From = "tim" }),
	"mail, sender UTF-8":   changed(mailing, func(p *Plan) { p.Mail.From = "тим@example.org" }),
	"mail, bad recipient":  changed(mailing, func(p *Plan) { p.Mail.To = []string{"a b@example.com"} }),
	"mail, null sender":    changed(mailing, func(p *Plan) { p.Mail.From = "" }),
	"mail, nobody":         changed(mailing, func(p *Plan) { p.Mail.To = nil }),
	"mail, two":            changed(mailing, func(p *Plan) { p.Mail.To = append(p.Mail.To, "boss@example.com") }),
	"mail after log-in":    changed(mailing, use("PLAIN"), atOnce, func(p *Plan) { p.When, p.InClear = First, true }),
	"mail on demand":       changed(mailing, use("PLAIN"), atOnce, func(p *Plan) { p.When, p.InClear = OnDemand, true }),
	// Names that no command line takes.
	"name with a line end": changed(careful, func(p *Plan) { p.Name = "x\r\nMAIL FROM:<evil@example.net>" }),
	"name too long":        changed(careful, func(p *Plan) { p.Name = strings.Repeat("x", 506) }),
	"longest name":         changed(careful, func(p *Plan) { p.Name = strings.Repeat("x", 505) }),
}

func careful() Plan {
	return Plan{
		Name: "client.example.net", Host: "mail.example.org", TLS: StartTLS, When: First, Mechanisms: []string{"CRAM-MD5", "PLAIN", "LOGIN"},
		User: sasl.Credentials{Authcid: "tim", Password: sasl.Secret{Text: "tanstaaftanstaaf"}},
	}
}

func mailing() Plan {
	p := careful()
	p.TLS, p.When = NoTLS, Never
	p.Mail = &Mail{From: "tim@example.org", To: []string{"ursel@example.com"}, Text: "Subject: Lunch\r\n\r\nNo free lunch.\r\n"}
	return p
}

func open(p *Plan)   { p.TLS, p.InClear = NoTLS, true }
func atOnce(p *Plan) { p.Initial = true }

func use(names ...string) func(*Plan) { return func(p *Plan) { p.Mechanisms = names } }

func changed(base func() Plan, changes ...func(*Plan)) func() Plan {
	return func() Plan {
		p := base()
		for _, change := range changes {
			change(&p)
		}
		return p
	}
}

// A guest is a client with the clock that it reads.
type guest struct {
	*Client
	now time.Time
	t   testing.TB
}

// Step and Expire note the rules of what follows.
func (g *guest) Step(in machine.Input) []Event { return noted(g.t, g.Client.Step(in)) }

func (g *guest) Expire() []Event { return noted(g.t, g.Client.Expire()) }

func noted(t testing.TB, events []Event) []Event {
	for _, e := range events {
		held.Note(t, held.Client, e.Rule.ID)
		for _, n := range e.Quirks {
			q, _ := quirk.Lookup(n)
			held.Note(t, held.Client, q.Rule)
		}
	}
	return events
}

func newGuest(t testing.TB, p Plan) *guest {
	g := &guest{now: begin, t: t}
	g.Client = New(p, sasl.Env{
		Rand: rand.NewChaCha8([32]byte{1}), Now: func() time.Time { return g.now }, Trace: trace.NewRecorder(trace.Client),
	})
	return g
}

// wait moves the clock.
func (g *guest) wait(d time.Duration) []Event {
	g.now = g.now.Add(d)
	return g.Step(machine.Input{Kind: machine.Clock, Now: g.now})
}

// hear gives the client octets of the server.
func (g *guest) hear(octets string) []Event {
	return g.Step(machine.Input{Kind: machine.Octets, Octets: []byte(octets)})
}

func parseWait(t testing.TB, s string) time.Duration {
	t.Helper()
	d, err := time.ParseDuration(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
