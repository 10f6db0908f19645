package client

import (
	"strings"
	"testing"
	"time"

	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/sasl"
)

// SEQ-20, REP-11: what came before a command went out is no answer to it, and
// ends the session; 421 alone may be said unasked. After QUIT nothing hangs on
// it. Each chunk comes at once, an early one before what was said last went out.
func TestUnasked(t *testing.T) {
	const list = "250-h\r\n250 AUTH PLAIN LOGIN\r\n"
	for _, c := range []struct {
		name, chunks  string
		fault         string
		authenticated bool
		last          string // that the client says
	}{
		{"in order", "220 hi\r\n|" + list + "|235 ok\r\n|221 bye\r\n", "", true, "QUIT"},
		{"in pieces", "220 hi\r\n|250-h\r\n250 AU|TH PLAIN\r\n|2|35-ok\r\n235| ok\r\n|221 bye\r\n", "", true, "QUIT"},
		{"235 ahead of AUTH", "220 hi\r\n|" + list + "235 ok\r\n", "unasked-reply", false, "AUTH"},
		{"its beginning ahead of AUTH", "220 hi\r\n|" + list + "23|5 ok\r\n", "unasked-reply", false, "AUTH"},
		{"of several lines", "220 hi\r\n|" + list + "235-ok\r\n|235 ok\r\n", "unasked-reply", false, "AUTH"},
		{"with the greeting", "220 hi\r\n" + list + "|235 ok\r\n", "unasked-reply", false, "EHLO"},
		{"a segment of its own", "220 hi\r\n|" + list + "|early 235 ok\r\n", "unasked-reply", false, "AUTH"},
		{"a segment of its own, with the rest later", "220 hi\r\n|" + list + "|early 235| ok\r\n", "unasked-reply", false, "AUTH"},
		{"a refusal ahead", "220 hi\r\n|" + list + "535 no\r\n", "unasked-reply", false, "AUTH"},
		{"421 unasked", "220 hi\r\n|" + list + "421 closing\r\n", "service-closing", false, "AUTH"},
		{"421 unasked, early", "220 hi\r\n|" + list + "|early 421 closing\r\n", "service-closing", false, "AUTH"},
		{"two behind AUTH", "220 hi\r\n|" + list + "|235 ok\r\n221 bye\r\n", "", true, "QUIT"},
	} {
		p := Plan{Name: "c", Host: "h", TLS: NoTLS, When: First, Mechanisms: []string{"PLAIN"}, InClear: true, Initial: true,
			User: sasl.Credentials{Authcid: "tim", Password: sasl.Secret{Text: "secret"}}}
		cl, last := New(p, sasl.Env{Now: func() time.Time { return begin }}), ""
		hear := func(in machine.Input) {
			for _, e := range noted(t, cl.Step(in)) {
				if e.Kind == machine.Said {
					last, _, _ = strings.Cut(strings.TrimSpace(string(e.Octets)), " ")
				}
			}
		}
		hear(machine.Input{Kind: machine.Connected})
		for chunk := range strings.SplitSeq(c.chunks, "|") {
			in := machine.Input{Kind: machine.Octets, Octets: []byte(chunk)}
			if early, is := strings.CutPrefix(chunk, "early "); is {
				in = machine.Input{Kind: machine.Early, Octets: []byte(early)}
			}
			hear(in)
		}
		fault := ""
		if f := cl.Fault(); f != nil {
			fault = f.ID
		}
		if fault != c.fault || cl.State().Authenticated != c.authenticated || cl.State().Phase != Closed || last != c.last {
			t.Errorf("%s: %s, %+v, last said %s", c.name, fault, cl.State(), last)
		}
	}
}

// TLS-06 goes on holding: 220 ahead of STARTTLS begins no TLS.
func TestUnaskedStartTLS(t *testing.T) {
	p := Plan{Name: "c", Host: "h", TLS: StartTLS, When: First, Mechanisms: []string{"PLAIN"}, Initial: true,
		User: sasl.Credentials{Authcid: "tim", Password: sasl.Secret{Text: "secret"}}}
	r := against(t, p, "220 hi\r\n", "250-h\r\n250 STARTTLS\r\n220 go\r\n")
	if r.shook || r.fault != "unasked-reply" {
		t.Errorf("%+v", r)
	}
}
