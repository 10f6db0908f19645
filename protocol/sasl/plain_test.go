package sasl

import (
	"slices"
	"strings"
	"testing"

	"example.org/smtpauth/protocol/trace"
)

// RFC 4616 §4, both examples.
func TestPlainExample(t *testing.T) {
	kurt := clearAccount("Kurt", "xipj3plmq")
	for _, c := range []struct {
		credentials Credentials
		line        string
		want        *Error
	}{
		{credentials("", "tim", "tanstaaftanstaaf"), "C: \x00tim\x00tanstaaftanstaaf", nil},
		{credentials("Ursel", "Kurt", "xipj3plmq"), "C: Ursel\x00Kurt\x00xipj3plmq", &Error{Refused, "SAS-02", "not-authorized"}},
	} {
		got := meeting{mechanism: "PLAIN", under: true, credentials: c.credentials,
			store: newStore(t, clearAccount("tim", "tanstaaftanstaaf"), kurt)}.talk(t)
		if !slices.Equal(got.lines, []string{c.line}) {
			t.Errorf("%q, want %q", got.lines, c.line)
		}
		if c.want != nil {
			wantFault(t, c.line, got.serverErr, *c.want)
		} else if got.serverErr != nil || got.result.Authcid != "tim" || got.result.Authzid != "tim" {
			t.Errorf("%s: %+v, %v", c.line, got.result, got.serverErr)
		}
	}
}

// PLA-08, AUTH-15: without an initial response the server asks with an empty
// challenge, which is not an absent one.
func TestPlainNoInitial(t *testing.T) {
	got := meeting{mechanism: "PLAIN", noInitial: true, credentials: credentials("", "tim", "secret"),
		store: newStore(t, clearAccount("tim", "secret"))}.talk(t)
	if want := []string{"S: ", "C: \x00tim\x00secret"}; !slices.Equal(got.lines, want) || !got.result.Done {
		t.Errorf("%q, %v, want %q", got.lines, got.serverErr, want)
	}
	client := mechanism(t, "PLAIN").Client(credentials("", "tim", "secret"), ClientOptions{})
	r, err := client.Next(testEnv(0, nil), Send(trace.Constant("")))
	if err != nil || !r.Done || r.Send.String() != "\x00tim\x00secret" {
		t.Errorf("after an empty challenge: %+v, %v", r, err)
	}
	client = mechanism(t, "PLAIN").Client(credentials("", "tim", "secret"), ClientOptions{})
	_, err = client.Next(testEnv(0, nil), Send(trace.Constant("Username:")))
	wantFault(t, "challenge with words", err, Error{Peer, "AUTH-15", "challenge-not-empty"})
}

// AUTH-14: an empty initial response is there, and wrong.
func TestPlainEmpty(t *testing.T) {
	server := mechanism(t, "PLAIN").Server(newStore(t), ServerOptions{})
	_, err := server.Next(testEnv(0, nil), Send(trace.Constant("")))
	wantFault(t, "=", err, Error{Refused, "PLA-02", "malformed"})
}

// PLA-03: 255 octets in each field, authzid included.
func TestPlainLong(t *testing.T) {
	long := func(c string) string { return strings.Repeat(c, 255) }
	account := hashedAccount(long("c"), long("p"))
	account.ActAs = []string{long("z")}
	got := meeting{mechanism: "PLAIN", store: newStore(t, account), credentials: credentials(long("z"), long("c"), long("p"))}.talk(t)
	if got.serverErr != nil || got.result.Authzid != long("z") || got.result.Authcid != long("c") {
		t.Errorf("%v", got.serverErr)
	}
}

// SAS-01, SAS-02, PLA-07: whose authzid is allowed.
func TestPlainAuthzid(t *testing.T) {
	account := clearAccount("tim", "secret")
	account.ActAs = []string{"office", "sales"}
	store := newStore(t, account, clearAccount("root", "toor"))
	for authzid, want := range map[string]string{
		"": "tim", "tim": "tim", "sales": "sales", "ti\u00adm": "tim", "root": "", "Tim": "", "\u00ad": "", "of\u0007fice": "",
	} {
		got := meeting{mechanism: "PLAIN", store: store, credentials: credentials(authzid, "tim", "secret")}.talk(t)
		switch {
		case want != "" && (got.serverErr != nil || got.result.Authzid != want || got.result.Authcid != "tim"):
			t.Errorf("authzid %q: %+v, %v, want %q", authzid, got.result, got.serverErr, want)
		case want == "" && !isRefused(got.serverErr):
			t.Errorf("authzid %q: %+v, %v, want it refused", authzid, got.result, got.serverErr)
		}
	}
	// Not even asked before the password is right.
	got := meeting{mechanism: "PLAIN", store: store, credentials: credentials("root", "tim", "wrong")}.talk(t)
	wantFault(t, "wrong password", got.serverErr, Error{Refused, "AUTH-27", "wrong-password"})
}

// SAS-03, PLA-04, PLA-06: the server prepares what comes and what it stores.
func TestPlainPrepared(t *testing.T) {
	for _, stored := range []func(string, string) Account{clearAccount, hashedAccount} {
		store := newStore(t, stored("Ⅸ", "a\u00aa"), stored("борис", "пароль"))
		for _, c := range []struct {
			authcid, password string
			want              *Error
		}{
			{"IX", "aa", nil},
			{"I\u00adX", "a\u00aa", nil},
			{"борис", "пароль", nil}, // UTF-02
			{"\u00ad", "aa", &Error{Refused, "PLA-04", "empty"}},
			{"IX", "\u00ad", &Error{Refused, "PLA-04", "empty"}},
			{"I\u0007X", "aa", &Error{Refused, "PLA-04", "not-prepared"}},
			{"IX", "\u06271", &Error{Refused, "PLA-04", "not-prepared"}},
		} {
			got := meeting{mechanism: "PLAIN", store: store, credentials: credentials("", c.authcid, c.password)}.talk(t)
			if c.want != nil {
				wantFault(t, c.authcid, got.serverErr, *c.want)
			} else if got.serverErr != nil || !got.result.Done {
				t.Errorf("%q, %q: %v", c.authcid, c.password, got.serverErr)
			}
		}
	}
}

// PLA-01, PLA-02, PLA-05: what a client does not send.
func TestPlainClientRefuses(t *testing.T) {
	for _, c := range []struct {
		credentials Credentials
		want        Error
	}{
		{credentials("", "tim", "a\x00b"), Error{Local, "PLA-05", "nul"}},
		{credentials("", "t\x00im", "a"), Error{Local, "PLA-05", "nul"}},
		{credentials("z\x00", "tim", "a"), Error{Local, "PLA-05", "nul"}},
		{credentials("", "", "a"), Error{Local, "PLA-02", "empty"}},
		{credentials("", "tim", ""), Error{Local, "PLA-02", "empty"}},
		{credentials("", "tim\xff", "a"), Error{Local, "PLA-01", "not-utf8"}},
		{Credentials{Authcid: "tim", Password: Secret{Withheld: true}}, Error{Local, "", "withheld"}},
	} {
		client := mechanism(t, "PLAIN").Client(c.credentials, ClientOptions{})
		r, err := client.Next(testEnv(0, nil), Message{})
		wantFault(t, c.want.Reason, err, c.want)
		if r.Send.Present || r.Done {
			t.Errorf("%s: %+v was sent", c.want.Reason, r)
		}
	}
}

// The server notes what it does, under RFC 4616's names; each range of the
// message keeps its origin.
func TestPlainSteps(t *testing.T) {
	account := clearAccount("tim", "secret")
	account.ActAs = []string{"office"}
	got := meeting{mechanism: "PLAIN", under: true, store: newStore(t, account), credentials: credentials("office", "tim", "secret")}.talk(t)
	message := find(t, got.serverSteps, "octets")
	for label, want := range map[string]struct{ offset, length int }{"authzid": {0, 6}, "authcid": {7, 3}, "passwd": {11, 6}} {
		s := find(t, got.serverSteps, label)
		if parts := s.Out.Parts; s.Op != trace.Cut || len(parts) != 1 || parts[0] != (trace.Part{Step: message.ID, Offset: want.offset, Length: want.length}) {
			t.Errorf("%s is %s of %v", label, s.Op, parts)
		}
		if s.Known != trace.Client|trace.Server {
			t.Errorf("under TLS %s is known to %s", label, s.Known)
		}
	}
	if s := find(t, got.serverSteps, "password-check"); !s.Holds || s.In[1].String() != "secret" {
		t.Errorf("the password check: %+v", s)
	}
	parts := find(t, got.clientSteps, "message").Out.Parts
	if len(parts) != 5 || parts[0].Length != 6 || parts[4].Length != 6 {
		t.Errorf("the client's message is from %v", parts)
	}
}

func isRefused(err error) bool {
	fault, ok := err.(*Error)
	return ok && fault.Kind == Refused
}
