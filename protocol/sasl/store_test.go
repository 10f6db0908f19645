package sasl

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"

	"example.org/smtpauth/protocol/trace"
)

// SAS-04: what Unicode 3.2 does not assign may stand in a query: the client says
// it, and the server looks for such a user.
func TestUnassigned(t *testing.T) {
	for _, name := range []string{"CRAM-MD5", "SCRAM-SHA-256"} {
		got := meeting{mechanism: name, store: newStore(t, clearAccount("tim", "secret")), credentials: credentials("", "a\u0221", "secret")}.talk(t)
		if wantFault(t, name, got.serverErr, Error{Refused, "AUTH-27", "unknown-user"}); got.clientErr != nil || !strings.Contains(strings.Join(got.lines, ""), "a\u0221") {
			t.Errorf("%s: %q, %v", name, got.lines, got.clientErr)
		}
	}
}

// SAS-04, Appendix B 15: what cannot be stored.
func TestNewStoreRefuses(t *testing.T) {
	for _, c := range []struct {
		reason   string
		accounts []Account
	}{
		{"empty", []Account{clearAccount("tim", "")}},
		{"empty", []Account{hashedAccount("tim", "\u00ad")}},
		{"empty", []Account{clearAccount("", "secret")}},
		{"not-prepared", []Account{clearAccount("tim\x00", "secret")}},
		{"not-prepared", []Account{clearAccount("a\u0221", "secret")}}, // unassigned in Unicode 3.2
		{"not-prepared", []Account{hashedAccount("tim", "\u0221")}},
		{"not-prepared", []Account{{Name: "tim", Password: Secret{Text: "x"}, Stored: Clear, ActAs: []string{"\x07"}}}},
		{"duplicate", []Account{clearAccount("IX", "a"), hashedAccount("Ⅸ", "b")}},
		{"unknown-stored", []Account{{Name: "tim", Password: Secret{Text: "x"}}}},
		{"unknown-stored", []Account{{Name: "tim", Password: Secret{Text: "x"}, Stored: "rot13"}}},
	} {
		_, err := NewStore(testEnv(0, nil), c.accounts)
		var fault *AccountError
		if !errors.As(err, &fault) || fault.Reason != c.reason || !strings.Contains(err.Error(), c.reason) {
			t.Errorf("%+v: %v, want %s", c.accounts, err, c.reason)
		}
	}
	env := testEnv(0, nil)
	env.Rand = strings.NewReader("too short")
	if _, err := NewStore(env, []Account{hashedAccount("tim", "secret")}); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("without random numbers: %v", err)
	}
}

// A hashed password is not kept, in no form that Account shows.
func TestStoreAccount(t *testing.T) {
	account := hashedAccount("Ⅸ", "secret")
	account.ActAs, account.Senders = []string{"o\u00adffice"}, []string{"ix@example.org"}
	store := newStore(t, account, clearAccount("tim", "a\u00aa"))
	for _, name := range []string{"IX", "Ⅸ", "I\u00adX"} {
		got, ok := store.Account(name)
		if !ok || got.Name != "IX" || got.ActAs[0] != "office" || got.Senders[0] != "ix@example.org" || got.Password != (Secret{Withheld: true}) {
			t.Errorf("Account(%q) = %+v, %v", name, got, ok)
		}
	}
	if got, ok := store.Account("tim"); !ok || got.Password.Text != "aa" {
		t.Errorf("Account(tim) = %+v, %v", got, ok)
	}
	for _, name := range []string{"", "nobody", "Tim", "\xff", "ti\x00m"} {
		if got, ok := store.Account(name); ok {
			t.Errorf("Account(%q) = %+v", name, got)
		}
	}
}

// Equal passwords get different salts and verifiers; the same random numbers
// give the same store.
func TestStoreSalts(t *testing.T) {
	made := func() *Store {
		store := newStore(t, hashedAccount("a", "secret"), hashedAccount("b", "secret"))
		if err := store.Derive(&Env{}); err != nil {
			t.Fatal(err)
		}
		return store
	}
	store := made()
	a, b := store.entries["a"], store.entries["b"]
	if string(a.salt) == string(b.salt) || string(a.verifier) == string(b.verifier) || len(a.salt) != 16 || len(a.verifier) != 32 {
		t.Errorf("%x %x, %x %x", a.salt, a.verifier, b.salt, b.verifier)
	}
	if again := made().entries["a"]; string(again.verifier) != string(a.verifier) {
		t.Errorf("%x again gives %x", a.verifier, again.verifier)
	}
}

// SAS-07, AUTH-27: an unknown user, a withheld and a wrong password end alike,
// after the same steps.
func TestSameMotions(t *testing.T) {
	for _, stored := range StoredKinds {
		store := newStore(t, Account{Name: "tim", Password: Secret{Text: "secret"}, Stored: stored},
			Account{Name: "ann", Password: Secret{Withheld: true}, Stored: stored})
		for _, m := range Mechanisms() {
			if !checks(m, stored) || m.Facts.Crosses == CrossesToken || m.Facts.Crosses == CrossesNothing {
				continue // it ends otherwise: TestCRAMMD5Hashed, TestSCRAMStore, TestTokens, TestExternal
			}
			var motions []string
			for authcid, reason := range map[string]string{"tim": "wrong-password", "nobody": "unknown-user", "ann": "withheld"} {
				got := meeting{mechanism: m.Name, store: store, credentials: credentials("", authcid, "wrong")}.talk(t)
				wantFault(t, m.Name, got.serverErr, Error{Refused, "AUTH-27", reason})
				var ops []string
				for _, s := range got.serverSteps {
					ops = append(ops, string(s.Op))
				}
				motions = append(motions, strings.Join(ops, " "))
			}
			if motions[0] != motions[1] || motions[1] != motions[2] {
				t.Errorf("%s, %s: %q", m.Name, stored, motions)
			}
		}
	}
}

// checks reports whether m can be checked against what is stored.
func checks(m Mechanism, stored Stored) bool {
	return stored == Clear || m.Name == "PLAIN" || m.Name == "LOGIN" || stored == storedFor(m.Name) && !IsPlus(m.Name)
}

// What stands in for a missing verifier opens nothing: zeros neither.
func TestDummyOpensNothing(t *testing.T) {
	for _, account := range []Account{clearAccount("tim", "secret"), hashedAccount("tim", "secret")} {
		store := newStore(t, account, Account{Name: "ann", Password: Secret{Withheld: true}, Stored: account.Stored})
		zeros := trace.Value{Octets: make([]byte, 16)}
		for _, name := range []string{"nobody", "ann"} {
			if _, err := store.verify(testEnv(0, nil), trace.Constant(name), zeros); !isRefused(err) {
				t.Errorf("%s: %v", name, err)
			}
		}
		digest := cramDigest(testEnv(0, nil), zeros, trace.Constant("<c>"))
		m := meeting{mechanism: "CRAM-MD5", store: store, server: ServerOptions{CRAMMD5: CRAMMD5Server{Challenge: "<c>"}}}
		if err := m.answer(t, "nobody "+digest.String()); !isRefused(err) {
			t.Errorf("CRAM-MD5: %v", err)
		}
	}
}

// The dummy is nobody's but the server's.
func TestDummyKnown(t *testing.T) {
	got := meeting{mechanism: "PLAIN", store: newStore(t, hashedAccount("tim", "secret")), credentials: credentials("", "nobody", "x")}.talk(t)
	for _, label := range []string{"dummy-salt", "dummy-verifier"} {
		if s := find(t, got.serverSteps, label); s.Known != trace.Server {
			t.Errorf("%s is known to %s", label, s.Known)
		}
	}
}

func TestSecretJSON(t *testing.T) {
	for text, want := range map[string]Secret{
		`"secret"`: {Text: "secret"}, `""`: {}, `{"withheld":true}`: {Withheld: true}, `"\u043f\u0430"`: {Text: "па"},
	} {
		var got Secret
		if err := json.Unmarshal([]byte(text), &got); err != nil || got != want {
			t.Errorf("%s reads as %+v, %v", text, got, err)
		}
		again, err := json.Marshal(got)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(again, &got); err != nil || got != want {
			t.Errorf("%s was written, and reads as %+v, %v", again, got, err)
		}
	}
	if text, _ := json.Marshal(Secret{Text: "leaks", Withheld: true}); string(text) != `{"withheld":true}` {
		t.Errorf("withheld is written as %s", text)
	}
	for _, text := range []string{`null`, `true`, `1`, `{}`, `[]`, `{"withheld":false}`, `{"withheld":true,"text":"a"}`,
		`{"withheld":true,"withheld":true}`, `{"Withheld":true}`, `{"withheld":1}`} {
		var got Secret
		if err := json.Unmarshal([]byte(text), &got); err == nil {
			t.Errorf("%s reads as %+v", text, got)
		}
	}
	var spaced Secret
	if err := json.Unmarshal([]byte(` { "withheld" : true } `), &spaced); err != nil || !spaced.Withheld {
		t.Errorf("with white space: %+v, %v", spaced, err)
	}
}

// AUTH-03, AUTH-09: names in any case, and nothing that only folds to one.
func TestLookup(t *testing.T) {
	for name, want := range map[string]string{"PLAIN": "PLAIN", "plain": "PLAIN", "Cram-Md5": "CRAM-MD5", "lOgIn": "LOGIN",
		"": "", "FOOBAR": "", "PLAIN ": "", "PLAıN": "", "CRAM_MD5": ""} {
		m, ok := Lookup(name)
		if m.Name != want || ok != (want != "") {
			t.Errorf("Lookup(%q) = %q, %v, want %q", name, m.Name, ok, want)
		}
	}
}
