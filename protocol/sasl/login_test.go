package sasl

import (
	"slices"
	"strings"
	"testing"

	"example.org/smtpauth/protocol/quirk"
	"example.org/smtpauth/protocol/trace"
)

var usual = Prompts{Username: "Username:", Password: "Password:"}

// draft-murchison-sasl-login-00 §2.3, its prompts as printed (with NUL) and as
// in practice; LOG-01, LOG-02.
func TestLoginExample(t *testing.T) {
	for _, prompts := range []Prompts{{Username: "User Name\x00", Password: "Password\x00"}, usual} {
		got := meeting{mechanism: "LOGIN", under: true, store: newStore(t, clearAccount("tim", "tanstaaftanstaaf")),
			credentials: credentials("", "tim", "tanstaaftanstaaf"), server: ServerOptions{Login: prompts}}.talk(t)
		want := []string{"S: " + prompts.Username, "C: tim", "S: " + prompts.Password, "C: tanstaaftanstaaf"}
		if !slices.Equal(got.lines, want) || got.serverErr != nil || got.result.Authcid != "tim" || got.result.Authzid != "tim" {
			t.Errorf("%q, %+v, %v, want %q", got.lines, got.result, got.serverErr, want)
		}
	}
}

// LOG-05, AUTH-17: the name on the AUTH line, taken or not.
func TestLoginInitial(t *testing.T) {
	m := meeting{mechanism: "LOGIN", store: newStore(t, hashedAccount("tim", "secret")), client: ClientOptions{Login: LoginClient{Initial: true}},
		credentials: credentials("", "tim", "secret"), server: ServerOptions{Login: usual}}
	got := m.talk(t)
	if want := []string{"C: tim", "S: Password:", "C: secret"}; !slices.Equal(got.lines, want) || !got.result.Done {
		t.Errorf("%q, %v, want %q", got.lines, got.serverErr, want)
	}
	m.noInitial = true // AUTH-18: it waits for the prompt
	got = m.talk(t)
	if want := []string{"S: Username:", "C: tim", "S: Password:", "C: secret"}; !slices.Equal(got.lines, want) || !got.result.Done {
		t.Errorf("%q, %v, want %q", got.lines, got.serverErr, want)
	}
	m.noInitial, m.server.Login.NoInitial = false, true
	wantFault(t, "NoInitial", m.talk(t).serverErr, Error{Unwanted, "LOG-05", "initial-response"})
	m.client.Login.Initial = false
	if got := m.talk(t); got.serverErr != nil || !got.result.Done {
		t.Errorf("without initial response: %v", got.serverErr)
	}
}

// LOG-03: a client ignores the prompts, unless it insists.
func TestLoginPrompts(t *testing.T) {
	for _, c := range []struct {
		prompts Prompts
		initial bool
		lines   int // said before an insisting client gives up; 0: it does not
	}{
		{usual, false, 0},
		{usual, true, 0},
		{Prompts{Username: "", Password: "Password"}, false, 1}, // mox v0.0.11
		{Prompts{Username: "Username:", Password: "Password"}, false, 3},
		{Prompts{Username: "x", Password: "Password:"}, true, 0},
		{Prompts{Username: "x", Password: ""}, true, 2},
		{Prompts{Username: "username:", Password: "Password:"}, false, 1},
		{Prompts{Username: "Password:", Password: "Username:"}, false, 1},
	} {
		m := meeting{mechanism: "LOGIN", store: newStore(t, clearAccount("tim", "secret")),
			credentials: credentials("", "tim", "secret"), server: ServerOptions{Login: c.prompts}}
		for _, exact := range []bool{false, true} {
			m.client = ClientOptions{Login: LoginClient{Initial: c.initial}}
			if exact {
				m.client.Quirks = &quirk.Record{Asked: quirk.Set{quirk.LoginExact}}
			}
			got := m.talk(t)
			if exact && c.lines > 0 {
				wantFault(t, "exact", got.clientErr, Error{Peer, "LOG-03", "prompt"})
				if len(got.lines) != c.lines || got.result.Done {
					t.Errorf("%+v: %q, want %d lines", c.prompts, got.lines, c.lines)
				}
			} else if got.clientErr != nil || got.serverErr != nil || !got.result.Done {
				t.Errorf("%+v, exact %v: %v, %v", c.prompts, exact, got.clientErr, got.serverErr)
			}
		}
	}
}

// LOG-09, SAS-07: an unknown, empty or impossible name still gets the password
// challenge; then it fails like a wrong password.
func TestLoginChecksAtTheEnd(t *testing.T) {
	store := newStore(t, clearAccount("tim", "secret"))
	for _, c := range []struct {
		name, password string
		want           Error
	}{
		{"nobody", "secret", Error{Refused, "AUTH-27", "unknown-user"}},
		{"tim", "wrong", Error{Refused, "AUTH-27", "wrong-password"}},
		{"", "secret", Error{Refused, "SAS-03", "empty"}},
		{"tim", "", Error{Refused, "SAS-03", "empty"}},
		{"tim\xff", "secret", Error{Refused, "SAS-03", "not-prepared"}},
		{"tim", "sec\x00ret", Error{Refused, "SAS-03", "not-prepared"}},
		{"\u00ad", "secret", Error{Refused, "SAS-03", "empty"}},
	} {
		server, env := mechanism(t, "LOGIN").Server(store, ServerOptions{Login: usual}), testEnv(0, nil)
		r, err := server.Next(env, Send(trace.Constant(c.name)))
		if err != nil || !r.Send.Present || r.Done || r.Send.String() != "Password:" {
			t.Errorf("%q: %+v, %v, want the password challenge", c.name, r, err)
		}
		_, err = server.Next(env, Send(trace.Constant(c.password)))
		wantFault(t, c.name, err, c.want)
	}
}

// LOG-06: a client keeps to the draft's limits; a server takes longer names.
func TestLoginLimits(t *testing.T) {
	name := func(n int) string { return strings.Repeat("ж", n) }
	store := newStore(t, clearAccount(name(63), "secret"), clearAccount(name(64), "secret"))
	got := meeting{mechanism: "LOGIN", store: store, credentials: credentials("", name(63), "secret"), server: ServerOptions{Login: usual}}.talk(t)
	if got.clientErr != nil || !got.result.Done {
		t.Errorf("63 characters: %v, %v", got.clientErr, got.serverErr)
	}
	server, env := mechanism(t, "LOGIN").Server(store, ServerOptions{}), testEnv(0, nil)
	if _, err := server.Next(env, Send(trace.Constant(name(64)))); err != nil {
		t.Fatal(err)
	}
	if r, err := server.Next(env, Send(trace.Constant("secret"))); err != nil || r.Authcid != name(64) {
		t.Errorf("64 characters, server: %+v, %v", r, err)
	}
	for _, c := range []struct {
		credentials Credentials
		want        Error
	}{
		{credentials("", name(64), "secret"), Error{Local, "LOG-06", "name-too-long"}},
		{credentials("", "tim", "sec\x00ret"), Error{Local, "LOG-06", "nul-or-line-end"}},
		{credentials("", "tim", "secret\r"), Error{Local, "LOG-06", "nul-or-line-end"}},
		{credentials("", "tim", "secret\n"), Error{Local, "LOG-06", "nul-or-line-end"}},
		{credentials("", "", "secret"), Error{Local, "LOG-06", "empty"}},
		{credentials("", "tim", ""), Error{Local, "LOG-06", "empty"}},
		{credentials("", "tim", "\xff"), Error{Local, "LOG-06", "not-utf8"}},
		{Credentials{Authcid: "tim", Password: Secret{Withheld: true}}, Error{Local, "", "withheld"}},
	} {
		client := mechanism(t, "LOGIN").Client(c.credentials, ClientOptions{})
		r, err := client.Next(testEnv(0, nil), Message{})
		wantFault(t, c.want.Reason, err, c.want)
		if r.Send.Present {
			t.Errorf("%s: %q was sent", c.want.Reason, r.Send)
		}
	}
}

// LOG-07, LOG-08: LOGIN needs TLS like PLAIN, and comes after it.
func TestLoginOrder(t *testing.T) {
	var names []string
	for _, m := range Mechanisms() {
		names = append(names, m.Name)
		crosses := m.Facts.Crosses == CrossesPassword || m.Facts.Crosses == CrossesToken
		if want := m.Name == "PLAIN" || m.Name == "LOGIN"; want && !m.Clear || m.Clear != crosses {
			t.Errorf("%s: Clear %v, crosses %s", m.Name, m.Clear, m.Facts.Crosses)
		}
		if serverFirst := m.Name == "CRAM-MD5" || m.Name == "DIGEST-MD5"; m.ClientFirst == serverFirst {
			t.Errorf("%s: ClientFirst %v", m.Name, m.ClientFirst)
		}
	}
	want := []string{ // AUTH-38
		"EXTERNAL", "SCRAM-SHA-512-PLUS", "SCRAM-SHA-256-PLUS", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-512", "SCRAM-SHA-256", "SCRAM-SHA-1",
		"GSSAPI", "SRP", "DIGEST-MD5", "CRAM-MD5", "NTLM", "OAUTHBEARER", "XOAUTH2", "PLAIN", "LOGIN", "ANONYMOUS",
	}
	if !slices.Equal(names, want) {
		t.Errorf("Mechanisms = %q, want %q", names, want)
	}
}

// In clear text who listens knows the password; under TLS both sides alone.
func TestLoginKnown(t *testing.T) {
	for _, under := range []bool{true, false} {
		got := meeting{mechanism: "LOGIN", under: under, store: newStore(t, hashedAccount("tim", "secret")),
			credentials: credentials("", "tim", "secret"), server: ServerOptions{Login: usual}}.talk(t)
		heard := trace.Client | trace.Server
		if !under {
			heard |= trace.Wire
		}
		for _, s := range []trace.Step{find(t, got.clientSteps, "passwd"), find(t, got.serverSteps, "passwd-prepared")} {
			if s.Known != heard {
				t.Errorf("TLS %v: %s is known to %s, want %s", under, s.Label, s.Known, heard)
			}
		}
		for label, want := range map[string]trace.Party{
			"stored-salt": trace.Server | trace.Store, "stored-verifier": trace.Server | trace.Store, "computed-verifier": trace.Server,
		} {
			if s := find(t, got.serverSteps, label); s.Known != want {
				t.Errorf("TLS %v: %s is known to %s, want %s", under, label, s.Known, want)
			}
		}
	}
}
