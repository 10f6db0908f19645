package server

import (
	"slices"
	"strings"
	"testing"

	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/sasl"
)

// ANO-03: who logged in as nobody hands over mail like anybody, relays none,
// and is no submitter.
func TestAnonymousMayNotRelay(t *testing.T) {
	h := ready(t, "clear, anybody", "EHLO", "nobody", "MAIL")
	if s := h.State(); !s.Anonymous || s.Authcid != "anonymous" || h.Envelope().Submitter != "<>" {
		t.Errorf("%+v, %+v", s, h.Envelope())
	}
	for address, code := range map[string]int{"ursel@example.org": 250, "ursel@elsewhere.example": 550} {
		if said := replies(h.say("RCPT TO:<" + address + ">\r\n")); said[0].Code != code {
			t.Errorf("%s: %v, want %d", address, said, code)
		}
	}
}

// GSS-07: GSSAPI is listed, and taken, while the server holds a key.
func TestGSSAPIWantsAKey(t *testing.T) {
	for _, key := range [][]byte{nil, make([]byte, 32)} {
		p := clearPolicy()
		p.BeforeTLS, p.Keytab = []string{"GSSAPI"}, sasl.Keytab{Realm: "EXAMPLE.ORG", Key: key}
		want := len(key) > 0
		if got := slices.Contains(p.offers(State{}), "GSSAPI"); got != want {
			t.Errorf("a key of %d octets: listed: %v", len(key), got)
		}
	}
}

// CHB-06, EXN-04, OAB-06, AUTH-02: what is listed depends on the connection.
func TestOffersDependOnTheConnection(t *testing.T) {
	p := clearPolicy()
	p.BeforeTLS = nil
	for _, m := range sasl.Mechanisms() {
		p.BeforeTLS = append(p.BeforeTLS, m.Name)
	}
	p.AfterTLS = p.BeforeTLS
	needs := map[string]func(State) bool{
		"EXTERNAL": func(s State) bool { return s.TLS && s.Client != "" },
		"XOAUTH2":  func(s State) bool { return s.TLS }, "OAUTHBEARER": func(s State) bool { return s.TLS },
		"GSSAPI": func(State) bool { return false },
	}
	for _, s := range []State{{}, {TLS: true}, {TLS: true, Binds: true}, {TLS: true, Client: "tim"}, {TLS: true, Binds: true, Client: "tim"}, {Binds: true, Client: "tim"}} {
		offered := p.offers(s)
		for _, name := range p.AfterTLS {
			want := true
			if strings.HasSuffix(name, "-PLUS") {
				want = s.TLS && s.Binds
			} else if need := needs[name]; need != nil {
				want = need(s)
			}
			if got := slices.Contains(offered, name); got != want {
				t.Errorf("%+v: %s is listed: %v, want %v", s, name, got, want)
			}
		}
	}
}

// SCR-13, AUTH-29, REP-17: the server's last word travels in a 334, the check
// comes before it, and 235 after an empty line.
func TestLastWordOfTheServer(t *testing.T) {
	p := clearPolicy()
	p.BeforeTLS, p.Nonce = []string{"SCRAM-SHA-1"}, "3rfcNHYJY1ZVvWVs7j"
	p.Accounts = []sasl.Account{{Name: "user", Password: sasl.Secret{Text: "pencil"}, Stored: sasl.Clear, Salt: []byte("A%\xc2G\xe4:\xb1\xe9<m\xffv")}}
	h := newHost(t, p)
	h.Step(machine.Input{Kind: machine.Connected})
	h.say("EHLO client.example.org\r\nAUTH SCRAM-SHA-1 biwsbj11c2VyLHI9ZnlrbytkMmxiYkZnT05Sdjlxa3hkYXdM\r\n")
	log := h.say("Yz1iaXdzLHI9ZnlrbytkMmxiYkZnT05Sdjlxa3hkYXdMM3JmY05IWUpZMVpWdldWczdqLHA9djBYOHYzQnoyVDBDSkdiSlF5RjBYK0hJNFRzPQ==\r\n")
	checked := slices.IndexFunc(log, func(e Event) bool { return e.Kind == machine.Checked && e.Holds })
	said := slices.IndexFunc(log, func(e Event) bool { return e.Kind == machine.Said })
	if checked < 0 || said < checked || string(log[said].Octets) != "334 dj1ybUY5cHFWOFM3c3VBb1pXamE0ZEpSa0ZzS1E9\r\n" || h.State().Authcid != "" {
		t.Fatalf("%+v", log)
	}
	log = h.say("\r\n")
	if said := replies(log); said[0].Code != 235 || h.State().Authcid != "user" ||
		slices.ContainsFunc(log, func(e Event) bool { return e.Kind == machine.Checked }) {
		t.Errorf("%+v", log)
	}
}
