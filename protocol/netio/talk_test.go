//go:build !js

package netio_test

import (
	"bytes"
	"crypto/tls"
	"net/smtp"
	"slices"
	"strings"
	"testing"

	"example.org/smtpauth/protocol/client"
	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/netio"
	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/server"
)

const letter = "From: tim@example.org\r\nSubject: Lunch\r\n\r\n.dot\r\n..two\r\nno free lunch\r\n"

// AUTH-45, IMP-01: each mechanism in clear text, behind STARTTLS and on the
// implicit port; with the right password and a wrong one.
func TestOurClientAtOurServer(t *testing.T) {
	h := open(t)
	mailed := 0
	for _, m := range byPassword() {
		for _, protection := range []client.TLS{client.NoTLS, client.StartTLS, client.Implicit} {
			addr := h.plain
			if protection == client.Implicit {
				addr = h.implicit
			}
			name := m.Name + ", " + string(protection)
			if sasl.IsPlus(m.Name) && protection == client.NoTLS { // CHB-06
				continue
			}
			p := plan(func(p *client.Plan) {
				p.Mechanisms, p.TLS, p.InClear = []string{m.Name}, protection, protection == client.NoTLS
				p.Mail = &client.Mail{From: "tim@example.org", To: []string{"ursel@example.com"}, Text: letter}
			})
			state, fault := visit(t, addr, p)
			if fault != nil || !state.Authenticated || !state.Delivered || state.TLS != (protection != client.NoTLS) {
				t.Errorf("%s: %+v, %v", name, state, fault)
				continue
			}
			mailed++
			p.User.Password.Text = "tanstaaf"
			if state, fault = visit(t, addr, p); fault == nil || fault.ID != "credentials-refused" || fault.Code != 535 || state.Authenticated {
				t.Errorf("%s, wrong password: %+v, %v", name, state, fault)
			}
		}
	}
	messages := h.messages()
	if len(messages) != mailed || mailed != 9*3+3*2 {
		t.Fatalf("%d messages were accepted, %d were sent", len(messages), mailed)
	}
	for _, m := range messages {
		if text := withoutReceived(t, m.Text); text != letter {
			t.Errorf("accepted %q, want %q", text, letter)
		}
	}
}

// withoutReceived cuts the header field that the server put on top.
func withoutReceived(t *testing.T, text []byte) string {
	t.Helper()
	if !bytes.HasPrefix(text, []byte("Received: ")) {
		t.Fatalf("no Received line: %q", text)
	}
	i := bytes.Index(text, []byte("\r\nFrom: "))
	return string(text[i+2:])
}

// Go's own client: PLAIN behind STARTTLS, CRAM-MD5 in clear text.
func TestGoClient(t *testing.T) {
	h := open(t)
	for _, test := range []struct {
		name string
		tls  bool
		auth smtp.Auth
		ok   bool
	}{
		{"PLAIN", true, smtp.PlainAuth("", "tim", "tanstaaftanstaaf", host), true},
		{"CRAM-MD5", false, smtp.CRAMMD5Auth("tim", "tanstaaftanstaaf"), true},
		{"PLAIN, wrong password", true, smtp.PlainAuth("", "tim", "x", host), false},
		{"CRAM-MD5, wrong password", false, smtp.CRAMMD5Auth("tim", "x"), false},
	} {
		c, err := smtp.NewClient(call(t, h.plain).Conn, host)
		if err != nil {
			t.Fatal(test.name, err)
		}
		if test.tls {
			if err := c.StartTLS(&tls.Config{ServerName: host, RootCAs: identity().Pool}); err != nil {
				t.Fatal(test.name, err)
			}
		}
		err = c.Auth(test.auth)
		if !test.ok {
			if err == nil || !strings.HasPrefix(err.Error(), "535 ") {
				t.Errorf("%s: %v", test.name, err)
			}
			c.Close()
			continue
		}
		if err != nil {
			t.Fatal(test.name, err)
		}
		for _, err := range []error{c.Mail("tim@example.org"), c.Rcpt("ursel@example.com")} {
			if err != nil {
				t.Fatal(test.name, err)
			}
		}
		w, err := c.Data()
		if err != nil {
			t.Fatal(test.name, err)
		}
		w.Write([]byte(letter))
		if err := w.Close(); err != nil {
			t.Fatal(test.name, err)
		}
		if err := c.Quit(); err != nil {
			t.Fatal(test.name, err)
		}
	}
	messages := h.messages()
	if len(messages) != 2 || withoutReceived(t, messages[0].Text) != letter || withoutReceived(t, messages[1].Text) != letter {
		t.Errorf("accepted %+v", messages)
	}
}

// What passes is told as it passed, and with the records that TLS made of it.
func TestWatch(t *testing.T) {
	h := open(t)
	var mine []netio.Note
	if _, fault := visit(t, h.plain, plan(), func(c *netio.Client) { c.Watch = func(n netio.Note) { mine = append(mine, n) } }); fault != nil {
		t.Fatal(fault)
	}
	h.idle(t)
	h.mu.Lock()
	defer h.mu.Unlock()
	for who, notes := range map[string][]netio.Note{"client": mine, "server": h.notes[1]} {
		var messages []string
		plain, shaken, ended := "", 0, false
		for _, n := range notes {
			switch n.Kind {
			case netio.Passed:
				for _, r := range n.Records {
					for _, m := range r.Messages {
						messages = append(messages, m.Type)
					}
					plain += string(r.Plain)
				}
			case netio.Shook:
				if shaken++; n.Facts == nil || n.Facts.Version != "TLS 1.3" || n.Facts.Subject != "CN="+host || n.Facts.Verified != (who == "client") {
					t.Errorf("%s: %+v, %v", who, n.Facts, n.Failure)
				}
			}
			ended = slices.ContainsFunc(n.Server, func(e server.Event) bool { return e.Kind == machine.Ended }) ||
				slices.ContainsFunc(n.Client, func(e client.Event) bool { return e.Kind == machine.Ended })
		}
		if shaken != 1 || !ended {
			t.Errorf("%s: %d handshakes, ended %v", who, shaken, ended)
		}
		if !slices.Contains(messages, "client_hello") || !slices.Contains(messages, "certificate") {
			t.Errorf("%s: messages %q", who, messages)
		}
		if !strings.Contains(plain, "AUTH CRAM-MD5\r\n") || !strings.Contains(plain, "235 2.7.0") {
			t.Errorf("%s: inside TLS: %q", who, plain)
		}
	}
}

func TestListen(t *testing.T) {
	l, err := netio.Listen(":0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if addr := l.Addr().String(); !strings.HasPrefix(addr, "127.0.0.1:") {
		t.Errorf("without a host it listens on %s", addr)
	}
	if _, err := netio.Listen(l.Addr().String()); err == nil || !strings.Contains(err.Error(), "in use") {
		t.Errorf("a taken port: %v", err)
	}
	for _, addr := range []string{"", "2525", "[::1"} {
		if _, err := netio.Listen(addr); err == nil {
			t.Errorf("%q is taken", addr)
		}
	}
}

func TestAnAccountThatCannotBeStored(t *testing.T) {
	p := policy()
	p.Accounts[0].Password.Text = ""
	if _, err := netio.NewServer(p, sasl.Env{}); err == nil {
		t.Error("an empty password is stored")
	}
}

// SAS-07: verifiers are there before anybody asks.
func TestVerifiersAreMadeAtTheStart(t *testing.T) {
	p := policy()
	p.Accounts = []sasl.Account{{Name: "tim", Password: sasl.Secret{Text: "x"}, Stored: sasl.Hashed}, {Name: "ann", Password: sasl.Secret{Text: "x"}, Stored: sasl.StoredSCRAM256}}
	work := 2 * sasl.MinIterations
	if _, err := netio.NewServer(p, sasl.Env{Work: &work}); err != nil || work != 0 {
		t.Errorf("%v; %d of the work is left", err, work)
	}
}
