package sasl

import (
	"strings"
	"testing"

	"example.org/smtpauth/protocol/trace"
)

// Group external-anonymous: EXN-01, EXN-03, ANO-01, ANO-02, ANO-04.
func TestExternalAndAnonymousVectors(t *testing.T) {
	store := newStore(t, Account{Name: "tim", Password: Secret{Withheld: true}, Stored: Clear, ActAs: []string{"fred@example.com"}})
	n := 0
	for _, v := range vectors(t, "external-anonymous") {
		n++
		m := meeting{mechanism: v.Mechanism, store: store, credentials: credentials(v.In.Authzid, v.In.Trace, "")}
		if v.Expect == "reject" {
			message := v.In.Trace + fromHex(t, v.In.MessageHex)
			_, err := mechanism(t, v.Mechanism).Server(store, ServerOptions{Channel: testChannel}).Next(testEnv(0, nil), Send(trace.Constant(message)))
			want := Error{Refused, "ANO-02", "trace"}
			if v.Mechanism == "EXTERNAL" {
				want = Error{Refused, "EXN-03", "malformed"}
			}
			wantFault(t, v.ID, err, want)
			if v.Mechanism == "ANONYMOUS" {
				wantFault(t, v.ID, m.talk(t).clientErr, Error{Local, "ANO-02", "trace"})
			}
			continue
		}
		for _, m.noInitial = range []bool{false, true} {
			got := m.talk(t)
			message := fromBase64(t, v.Out.Response64)
			if last := got.lines[len(got.lines)-1]; last != "C: "+message || got.serverErr != nil || !got.result.Checked {
				t.Errorf("%s: %q, %v", v.ID, got.lines, got.serverErr)
			}
			if _, rest, _ := strings.Cut(v.Out.Command, v.Mechanism+" "); message == "" && rest != "=" {
				t.Errorf("%s: %q", v.ID, v.Out.Command)
			}
			as := v.In.Authzid
			if as == "" {
				as = "tim"
			}
			if r := got.result; v.Mechanism == "EXTERNAL" && (r.Authcid != "tim" || r.Authzid != as || r.Anonymous) ||
				v.Mechanism == "ANONYMOUS" && (r.Authcid != anonymousName || !r.Anonymous) {
				t.Errorf("%s: %+v", v.ID, r)
			}
		}
	}
	if n != 7 {
		t.Errorf("%d rows", n)
	}
}

// EXN-02, EXN-04: without a certificate that names a user here, or for another
// identity than he may act as, the log-in fails.
func TestExternal(t *testing.T) {
	store := newStore(t, clearAccount("tim", "secret"), clearAccount("IX", "secret"))
	for _, c := range []struct {
		channel       Channel
		authzid, want string
	}{
		{Channel{TLS: true, Client: "tim"}, "", ""}, {Channel{TLS: true, Client: "tim"}, "tim", ""}, {Channel{TLS: true, Client: "Ⅸ"}, "", ""},
		{Channel{TLS: true}, "", "no-certificate"}, {Channel{Client: "tim"}, "", "no-certificate"}, {Channel{TLS: true, Client: "tom"}, "", "unknown-user"},
		{Channel{TLS: true, Client: "tim"}, "root", "not-authorized"}, {Channel{TLS: true, Client: "\x07"}, "", "not-prepared"},
		{Channel{TLS: true, Client: "tim"}, "\u00ad", "empty"}, {Channel{TLS: true, Client: "tim"}, "\xff", "malformed"},
	} {
		r, err := mechanism(t, "EXTERNAL").Server(store, ServerOptions{Channel: c.channel}).Next(testEnv(0, nil), Send(trace.Constant(c.authzid)))
		if fault, _ := err.(*Error); c.want == "" && !r.Done || c.want != "" && (fault == nil || fault.Reason != c.want || fault.Kind != Refused) {
			t.Errorf("%+v, %q: %+v, %v, want %q", c.channel, c.authzid, r, err, c.want)
		}
	}
	if external.Possible(Channel{TLS: true}) || external.Possible(Channel{Client: "tim"}) || !external.Possible(Channel{TLS: true, Client: "tim"}) {
		t.Error("EXN-04: listed when it should not be")
	}
	_, err := mechanism(t, "EXTERNAL").Client(credentials("a\x00b", "", ""), ClientOptions{}).Next(testEnv(0, nil), Message{})
	wantFault(t, "NUL", err, Error{Local, "EXN-03", "malformed"})
}

// ANO-01, ANO-02: what may stand in a trace.
func TestAnonymousTrace(t *testing.T) {
	for text, ok := range map[string]bool{
		"": true, "sirhc": true, "a b": true, "sirhc@example.com": true, "é": true, strings.Repeat("é", 255): true, strings.Repeat("x", 256): false,
		"@": false, "a@": false, "@b": false, "a@b@c": false, strings.Repeat("x", 250) + "@b.cd": false, "a\x00b": false, "a\x7f": false,
		"\ue000": false, "\ufdd0": false, "\ufff9": false, "\u200e": false, "\U000e0001": false, "\xff": false,
		"\u0627": true, "\u0627a": false, "\u0221": true, "\u00a0": true, "\u2ff0": true, "\ufb01": true,
	} {
		r, err := mechanism(t, "ANONYMOUS").Server(nil, ServerOptions{}).Next(testEnv(0, nil), Send(trace.Constant(text)))
		if r.Done != ok || (err == nil) != ok {
			t.Errorf("%q: %+v, %v, want %v", text, r, err, ok)
		}
		said, err := mechanism(t, "ANONYMOUS").Client(credentials("", text, ""), ClientOptions{}).Next(testEnv(0, nil), Message{})
		if said.Done != ok || ok && said.Send.String() != text || (err == nil) != ok {
			t.Errorf("the client with %q: %+v, %v", text, said, err)
		}
	}
}

// Whatever is done to a message of the two, nobody gets in as somebody else.
func TestExternalAndAnonymousTampered(t *testing.T) {
	account := clearAccount("tim", "secret")
	account.ActAs = []string{"office"}
	for _, name := range []string{"EXTERNAL", "ANONYMOUS"} {
		m := meeting{mechanism: name, store: newStore(t, account, clearAccount("offic", "x")), credentials: credentials("office", "sirhc", "")}
		tampered(t, m, func(what string, n int, got talk) {
			if r := got.result; r.Done && (name == "EXTERNAL" && (r.Authcid != "tim" || r.Authzid == "offic") || name == "ANONYMOUS" && !r.Anonymous) {
				t.Errorf("%s %s: %+v", name, what, r)
			}
		})
	}
}
