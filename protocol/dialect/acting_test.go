package dialect_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"example.org/smtpauth/protocol/client"
	"example.org/smtpauth/protocol/dialect"
	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/quirk"
	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/protocol/server"
	"example.org/smtpauth/protocol/session"
)

// typed are what somebody types to a server in place of the client, a session
// each.
var typed = []string{
	"AUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm",
	"HELO a\nAUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm",
	"EHLO a\nAUTH LOGIN\n*\nAUTH LOGIN dGlt\ndGFuc3RhYWZ0YW5zdGFhZg==\nEHLO a\nAUTH LOGIN dGlt",
	"EHLO a\nAUTH PLAIN\n!!!\nAUTH PLAIN x!\nAUTH plain\nAUTH PLAIN = x\nAUTH FOOBAR\nAUTH CRAM-MD5 dGlt\nNOOP",
	"EHLO a\nAUTH PLAIN =\nAUTH LOGIN\n\n\nAUTH PLAIN Ym9zcwB0aW0AdGFuc3RhYWZ0YW5zdGFhZg==\nMAIL FROM:<boss@example.org> AUTH=+ZZ\nMAIL FROM:<boss@example.org>\nRCPT TO:<a@example.net>\nDATA\n.",
	"EHLO a\nMAIL FROM:<tim@example.org> AUTH=<>\nAUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm\nRCPT TO:<a@example.net>\nEHLO b\nNOOP\r\nNOOP",
	"EHLO a\nX\nY\nZ\nAUTH\nAUTH PLAIN AHRpbQBubw==\nAUTH PLAIN AHRpbQBubw==\nAUTH PLAIN AHRpbQBubw==",
	"EHLO a\nRCPT TO:<tim@example.org>\nDATA\nNOOP " + strings.Repeat("x", 4000) + "\nNOOP\x00\nQUIT",
}

// A play is what a session came to.
type play struct {
	lines []string
	acted []quirk.Set // with each line
	all   []string    // what its steps show beside that
}

// plays runs a set-up; where there is text, it is typed to its server.
func plays(t *testing.T, setup session.Setup, text string) (p play) {
	t.Helper()
	if text != "" {
		return types(t, setup.Server, text)
	}
	s, err := session.New(setup)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	s.Run()
	for _, f := range s.Frames() {
		p.all = append(p.all, fmt.Sprint(f.Kind, f.Rule(), f.Fault(), len(f.Server), len(f.Client), len(f.Steps()), f.ServerState, f.ClientState))
		if f.Kind != session.Check { // its line comes next
			p.lines = append(p.lines, fmt.Sprintf("%s %s %q", f.Side, f.Kind, f.Octets))
			p.acted = append(p.acted, f.Quirks())
		}
	}
	return p
}

// types sends lines to a server, one after the other.
func types(t *testing.T, policy server.Policy, text string) (p play) {
	t.Helper()
	env := sasl.Env{Rand: strings.NewReader(strings.Repeat("random", 1000)), Now: func() time.Time { return time.Time{} }}
	s, err := server.New(policy, env)
	if err != nil {
		t.Fatal(err)
	}
	hear := func(in machine.Input) {
		for _, e := range s.Step(in) {
			if e.Kind == machine.Said || e.Kind == machine.Ended || len(e.Quirks) > 0 {
				p.lines = append(p.lines, fmt.Sprintf("%s %q", e.Kind, e.Octets))
				p.acted = append(p.acted, e.Quirks)
			}
			p.all = append(p.all, fmt.Sprint(e.Kind, e.Rule, e.To, e.Reason))
		}
		p.lines, p.acted = append(p.lines, "next"), append(p.acted, nil)
	}
	hear(machine.Input{Kind: machine.Connected})
	for line := range strings.SplitSeq(text, "\n") {
		hear(machine.Input{Kind: machine.Octets, Octets: []byte(line + "\r\n")})
	}
	return p
}

// changed is the first step at which two sessions differ; -1 where none does.
func changed(a, b []string) int {
	for i := range max(len(a), len(b)) {
		if i >= len(a) || i >= len(b) || a[i] != b[i] {
			return i
		}
	}
	return -1
}

// overlapping are quirks without which all would have been the same where
// another of the set does the same: the one that acts first is noted.
var overlapping = map[quirk.Name]quirk.Name{
	quirk.CloseOnFailure:  quirk.NoQuit,
	quirk.CloseOnCancel:   quirk.NoQuit,
	quirk.ExtraEnds:       quirk.NeverCancels,
	quirk.GarbageEnds:     quirk.NeverCancels,
	quirk.ChallengeMended: quirk.NeverCancels,
	quirk.ChallengeUnread: quirk.ChallengeMended,
}

// counter plays a set-up without each quirk of a side: where the lines change,
// the quirk was noted by then, and where it was noted, something changes.
func counter(t *testing.T, name string, setup session.Setup, side quirk.Side, text string) {
	t.Helper()
	set := &setup.Server.Quirks
	if side == quirk.Client {
		set = &setup.Client.Quirks
	}
	asked := *set
	with := plays(t, setup, text)
	for _, n := range asked {
		noted := -1
		for i, acted := range with.acted {
			if noted < 0 && acted.Has(n) {
				noted = i
			}
		}
		*set = asked.Without(n)
		without := plays(t, setup, text)
		at := changed(with.lines, without.lines)
		if at >= 0 && (noted < 0 || noted > at) {
			was, is := "nothing", "nothing"
			if at < len(with.lines) {
				was = with.lines[at]
			}
			if at < len(without.lines) {
				is = without.lines[at]
			}
			t.Errorf("%s: without %s step %d is\n\t%s, not\n\t%s, but it was noted at step %d", name, n, at, is, was, noted)
		}
		if noted < 0 || at >= 0 || changed(with.all, without.all) >= 0 {
			continue
		}
		*set = asked.Without(n).Without(overlapping[n])
		if without = plays(t, setup, text); changed(with.lines, without.lines) < 0 {
			t.Errorf("%s: %s is noted at step %d, and changes nothing", name, n, noted)
		}
	}
}

// Every dialect of a server says at which step it departs, before clients and
// to what is typed, and every dialect of a client before a few servers.
func TestActing(t *testing.T) {
	a := all(t)
	opening, _ := scenario.ByID(scenario.Default)
	base := opening.Setup()
	base.Client.TLS, base.Client.Nonce, base.Server.Nonce = client.NoTLS, "fixed", "fixed"
	every := 1
	if runtime.GOOS == "js" {
		every = 6
	}
	for i, d := range a.Servers {
		if i%every != 0 {
			continue
		}
		setup := base
		var err error
		if setup.Server, err = a.Policy(base.Server, d.ID, ""); err != nil {
			t.Fatal(err)
		}
		setup.Server.Role = server.Submission
		for _, text := range append([]string{""}, typed...) {
			counter(t, d.ID+" "+text, setup, quirk.Server, text)
		}
	}
	for i, d := range a.Clients {
		if i%every != 0 {
			continue
		}
		for name, change := range servers(base.Server, a) {
			setup := base
			var err error
			if setup.Client, err = a.Plan(base.Client, d.ID, ""); err != nil {
				t.Fatal(err)
			}
			setup.Client.TLS, setup.Client.Nonce, setup.Server = client.NoTLS, "fixed", change
			counter(t, d.ID+" "+name, setup, quirk.Client, "")
		}
	}
}

// servers are before which clients show what they do.
func servers(base server.Policy, a *dialect.All) map[string]server.Policy {
	clear := base
	clear.BeforeTLS = []string{"PLAIN", "LOGIN", "CRAM-MD5", "DIGEST-MD5"}
	clear.RequireAuth = true
	with := func(change func(*server.Policy)) server.Policy {
		p := clear
		change(&p)
		return p
	}
	says := func(place server.Place, words string) server.Policy {
		return with(func(p *server.Policy) { p.Replies = map[server.Place]string{place: words} })
	}
	return map[string]server.Policy{
		"clear":     clear,
		"none":      with(func(p *server.Policy) { p.BeforeTLS = nil }),
		"other":     with(func(p *server.Policy) { p.BeforeTLS = []string{"GSSAPI", "X"}; p.Keywords = []string{"SIZE", "AUTH X"} }),
		"legacy":    with(func(p *server.Policy) { p.Keywords = []string{"8BITMIME", "SMTPUTF8", "AUTH="} }),
		"two lists": with(func(p *server.Policy) { p.Keywords = []string{"AUTH PLAIN", "AUTH LOGIN CRAM-MD5"} }),
		"lower":     with(func(p *server.Policy) { p.Keywords = []string{"auth plain login"} }),
		"wrong":     says("credentials", "535 5.7.8 no"),
		"temporary": says("credentials", "454 4.7.0 later"),
		"503":       says("success", "503 5.5.1 twice"),
		"250":       says("success", "250 2.0.0 ok"),
		"short":     says("success", "235"),
		"no EHLO":   says("ehlo", "502 5.5.1 what"),
		"words": with(func(p *server.Policy) {
			p.BeforeTLS = []string{"PLAIN"}
			p.Replies = map[server.Place]string{"plain-prompt": "334 go on"}
		}),
		"not base64": says("challenge", "334 !"),
		"bare": with(func(p *server.Policy) {
			p.BeforeTLS, p.Login.Username, p.Quirks = []string{"LOGIN"}, "", quirk.Set{quirk.BareChallenge}
		}),
		"prompts":  with(func(p *server.Policy) { p.BeforeTLS, p.Login.Username = []string{"LOGIN"}, "Who?" }),
		"one more": says("success", "334 "),
		"quoted":   with(func(p *server.Policy) { p.BeforeTLS, p.Quirks = []string{"DIGEST-MD5"}, quirk.Set{quirk.DigestQuotes} }),
		"integrity": with(func(p *server.Policy) {
			p.BeforeTLS, p.Quirks = []string{"DIGEST-MD5"}, quirk.Set{quirk.DigestIntegrity}
		}),
		"MAIL": says("mail", "550 5.7.1 no"),
		"RCPT": says("rcpt", "550 5.7.1 no"),
	}
}
