package exchange

import (
	"encoding/base64"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/trace"
)

// imap is the framing of RFC 3501 §6.2.2 and RFC 4959, pop3 that of RFC 5034.
var (
	imap = Framing{Challenge: "+ "}
	pop3 = Framing{Challenge: "+ ", Response: 255, Command: 255}
)

const user, password = "tim", "tanstaaftanstaaf"

func env(side trace.Party) *sasl.Env {
	return &sasl.Env{Rand: rand.NewChaCha8([32]byte{byte(side)}), Now: func() time.Time { return time.Unix(1_800_000_000, 0).UTC() }, Trace: trace.NewRecorder(side)}
}

// pair are both halves of a mechanism, in the open.
func pair(t *testing.T, f *Framing, m sasl.Mechanism, secret string) (*Client, *Server) {
	t.Helper()
	theirs, ours := env(trace.Server), env(trace.Client)
	store, err := sasl.NewStore(theirs, []sasl.Account{{Name: user, Password: sasl.Secret{Text: password}, Stored: sasl.Clear}})
	if err != nil {
		t.Fatal(err)
	}
	channel := sasl.Channel{TLS: true, EndPoint: []byte("end point"), Client: user}
	server := NewServer(f, m.Server(store, sasl.ServerOptions{Host: "mail.example.org", Channel: channel, Login: sasl.Prompts{Username: "Username:", Password: "Password:"}}), theirs, true)
	client := NewClient(f, m.Client(sasl.Credentials{Authcid: user, Password: sasl.Secret{Text: secret}}, sasl.ClientOptions{Host: "mail.example.org", Channel: channel, Login: sasl.LoginClient{Initial: true}}), ours, true, m.Words != "")
	return &client, &server
}

// run lets both talk in a framing and returns the lines, "C: " and "S: " before
// them, with what came of it.
func run(t *testing.T, f *Framing, m sasl.Mechanism, secret string) (lines []string, o Outcome) {
	t.Helper()
	client, server := pair(t, f, m, secret)
	command, initial := "AUTH "+m.Name, sasl.Message{}
	if m.ClientFirst {
		var err error
		if initial, err = client.First(); err != nil {
			t.Fatalf("%s: %v", m.Name, err)
		}
	}
	if initial.Present && client.Fits(len(command)+1, len(initial.Octets)) {
		text, where := client.Spell(initial.Value, len(command)+1)
		lines = append(lines, "C: "+command+" "+text)
		stands(t, command+" "+text, where, initial.Octets)
		o = server.Begin([]byte(text), true)
	} else {
		if initial.Present { // it waits for the challenge
			again, _ := pair(t, f, m, secret)
			*client = *again
		}
		lines = append(lines, "C: "+command)
		o = server.Begin(nil, false)
	}
	for range 10 {
		if server.Judges(&o); o.Came != Continued {
			return lines, o
		}
		text, where := server.Challenge(&o)
		stands(t, f.Challenge+text, where, o.Result.Send.Octets)
		lines = append(lines, "S: "+f.Challenge+text)
		challenge, where, err := client.Challenge([]byte(text))
		if err != nil {
			t.Fatalf("%s: %v", m.Name, err)
		}
		stands(t, f.Challenge+text, where, challenge.Octets)
		answer, err := client.Answer(challenge)
		if err != nil {
			t.Fatalf("%s: %v", m.Name, err)
		}
		response, where := client.Spell(answer.Send.Value, 0)
		stands(t, response, where, answer.Send.Octets)
		lines = append(lines, "C: "+response)
		o = server.Take([]byte(response), false)
	}
	t.Fatalf("%s has no end: %q", m.Name, lines)
	return nil, o
}

// stands fails where base64 does not stand at a place of a line, or spells
// something else.
func stands(t *testing.T, line string, where machine.Base64, octets []byte) {
	t.Helper()
	if len(octets) == 0 && where.Length == 0 {
		return
	}
	if !where.In(len(line)) || line[where.Offset:where.Offset+where.Length] != base64.StdEncoding.EncodeToString(octets) || where.Step == 0 {
		t.Errorf("%q: %+v is not where %q stands", line, where, octets)
	}
}

// RFC 4422 §3: a mechanism is the same in each protocol: its messages, and who is
// let in.
func TestMechanismsInEachFraming(t *testing.T) {
	ran := 0
	for _, m := range sasl.Mechanisms() {
		if m.Facts.Crosses == sasl.CrossesToken || m.Keyed { // they need an issuer; the machines test them
			continue
		}
		ran++
		smtp, o := run(t, &SMTP, m, password)
		if o.Came != Succeeded || !o.Result.Anonymous && o.Result.Authcid != user {
			t.Errorf("%s: %s, %+v\n%s", m.Name, o.Came, o.Result, strings.Join(smtp, "\n"))
		}
		for _, f := range []*Framing{&imap, &pop3} {
			lines, o := run(t, f, m, password)
			if o.Came != Succeeded || len(lines) != len(smtp) && f == &imap {
				t.Errorf("%s behind %q: %s, %+v\n%s", m.Name, f.Challenge, o.Came, o.Result, strings.Join(lines, "\n"))
			}
		}
		if !m.ByPassword() {
			continue
		}
		if lines, o := run(t, &SMTP, m, "wrong"); o.Came != Refused || o.Fault == nil {
			t.Errorf("%s, a wrong password: %s\n%s", m.Name, o.Came, strings.Join(lines, "\n"))
		}
	}
	if ran < 10 {
		t.Errorf("%d mechanisms ran", ran)
	}
}

// RFC 4954 §4, line by line.
func TestLines(t *testing.T) {
	plain := base64.StdEncoding.EncodeToString([]byte("\x00tim\x00" + password))
	for _, test := range []struct {
		name      string
		mechanism string
		initial   string // "-": none
		lines     []string
		want      Came
	}{
		{"an initial response", "PLAIN", plain, nil, Succeeded},
		{"asked for", "PLAIN", "-", []string{plain}, Succeeded},
		{"present and empty", "PLAIN", "=", nil, Refused},
		{"nothing, which no base64 is", "PLAIN", "", nil, Refused},
		{"not base64", "PLAIN", "AHRpbQ", nil, NotBase64},
		{"not taken", "CRAM-MD5", "dGlt", nil, Unwanted},
		{"cancelled", "PLAIN", "-", []string{"*"}, Cancelled},
		{"cancelled in the middle", "LOGIN", "dGlt", []string{"*"}, Cancelled},
		{"two stars", "PLAIN", "-", []string{"**"}, NotBase64},
		{"an equals sign is no response", "PLAIN", "-", []string{"="}, NotBase64},
		{"a line end inside", "PLAIN", "-", []string{plain[:4] + "\n" + plain[4:]}, NotBase64},
		{"white space behind", "PLAIN", "-", []string{plain + " "}, NotBase64},
		{"bits that are left over", "PLAIN", "-", []string{"AHRpbQB="}, NotBase64},
		{"an empty name", "LOGIN", "-", []string{""}, Continued},
	} {
		m, _ := sasl.Lookup(test.mechanism)
		_, server := pair(t, &SMTP, m, password)
		o := server.Begin([]byte(test.initial), test.initial != "-")
		for _, line := range test.lines {
			o = server.Take([]byte(line), false)
		}
		if o.Came != test.want {
			t.Errorf("%s: %s, want %s", test.name, o.Came, test.want)
		}
	}
	m, _ := sasl.Lookup("PLAIN")
	_, server := pair(t, &SMTP, m, password)
	server.Begin(nil, false)
	if o := server.Take([]byte(plain), true); o.Came != TooLong {
		t.Errorf("a line that is too long: %s", o.Came)
	}
	server.StarIsData = true
	if o := server.Take([]byte("*"), false); o.Came != NotBase64 {
		t.Errorf("a star that is data: %s", o.Came)
	}
	server.Lenient = func([]byte) []byte { return []byte(plain) }
	if o := server.Take([]byte("anything"), false); o.Came != Succeeded {
		t.Errorf("read leniently: %s", o.Came)
	}
	if o := server.Take([]byte(plain), false); o.Came != Unanswerable || !errors.Is(o.Fault, sasl.ErrOutOfStep) {
		t.Errorf("behind the end: %s, %v", o.Came, o.Fault)
	}
	if o := (&Server{line: line{&SMTP, env(trace.Server), true}}).Take([]byte(plain), false); o.Came != Unanswerable {
		t.Errorf("without a half: %s", o.Came)
	}
}

// A server judges once, be it before its last challenge or at the end.
func TestJudgesOnce(t *testing.T) {
	m, _ := sasl.Lookup("PLAIN")
	_, server := pair(t, &SMTP, m, password)
	o := server.Begin([]byte("AHRpbQB3cm9uZw=="), true)
	if fault := server.Judges(&o); fault == nil || fault.Reason != "wrong-password" {
		t.Errorf("%v", fault)
	}
	if fault := server.Judges(&o); fault != nil {
		t.Errorf("once more: %v", fault)
	}
}

// AUTH-18, AUTH-25: what does not fit into its line is not said.
func TestFits(t *testing.T) {
	for _, test := range []struct {
		f          *Framing
		at, octets int
		want       bool
	}{
		{&SMTP, 0, 9213, true}, {&SMTP, 0, 9214, false},
		{&SMTP, 11, 372, true}, {&SMTP, 11, 373, false},
		{&imap, 0, 1 << 20, true}, {&pop3, 0, 189, true}, {&pop3, 0, 190, false},
	} {
		c := NewClient(test.f, nil, env(trace.Client), true, false)
		if got := c.Fits(test.at, test.octets); got != test.want {
			t.Errorf("%d octets at %d of %+v: %t", test.octets, test.at, *test.f, got)
		}
	}
}

// Whatever a peer says, both sides come to an outcome.
func FuzzExchange(f *testing.F) {
	f.Add(uint8(0), "AHRpbQB0YW5zdGFhZnRhbnN0YWFm", "", true)
	f.Add(uint8(12), "-", "dGlt\ndGFuc3RhYWZ0YW5zdGFhZg==", false)
	f.Fuzz(func(t *testing.T, which uint8, initial, lines string, present bool) {
		m := sasl.Mechanisms()[int(which)%len(sasl.Mechanisms())]
		if m.Keyed {
			return
		}
		client, server := pair(t, &SMTP, m, password)
		o := server.Begin([]byte(initial), present)
		for line := range strings.SplitSeq(lines, "\n") {
			if text, where := server.Challenge(&o); o.Came == Continued && where.Length != len(text) {
				t.Fatalf("%q at %+v", text, where)
			}
			o = server.Take([]byte(line), false)
			if o.Came == "" || o.Came == Refused && o.Fault == nil {
				t.Fatalf("%q: %+v", line, o)
			}
			if challenge, _, err := client.Challenge([]byte(line)); err == nil {
				client.Answer(challenge)
			}
		}
	})
}
