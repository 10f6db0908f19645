package sasl

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"example.org/smtpauth/protocol/trace"
)

// A verifier is made when it is asked for, and then it is as if it had been there
// from the beginning: the same lines, the same steps.
func TestDerivedWhenAskedFor(t *testing.T) {
	for _, stored := range []Stored{Hashed, StoredSCRAM1, StoredSCRAM256, StoredSCRAM512, StoredSRP} {
		accounts := []Account{{Name: "ann", Password: Secret{Text: "other"}, Stored: stored, Iterations: 9}, {Name: "tim", Password: Secret{Text: "secret"}, Stored: stored, Iterations: 9}}
		for _, m := range Mechanisms() {
			if !checks(m, stored) || m.Facts.Crosses == CrossesToken || m.Facts.Crosses == CrossesNothing {
				continue
			}
			late, early := newStore(t, accounts...), newStore(t, accounts...)
			if err := early.Derive(&Env{}); err != nil {
				t.Fatal(err)
			}
			var talks []string
			for _, store := range []*Store{late, early, late} {
				got := meeting{mechanism: m.Name, store: store, credentials: credentials("", "tim", "secret"), client: ClientOptions{SCRAM: SCRAMClient{FewIterations: true}}}.talk(t)
				if got.serverErr != nil || got.clientErr != nil {
					t.Errorf("%s, %s: %v, %v", m.Name, stored, got.serverErr, got.clientErr)
				}
				talks = append(talks, fmt.Sprintf("%q %+v %+v", got.lines, got.serverSteps, got.clientSteps))
			}
			if talks[0] != talks[1] || talks[1] != talks[2] {
				t.Errorf("%s, %s:\n%s", m.Name, stored, talks)
			}
			for name, e := range late.entries {
				if (e.underived == "") != (name == "tim") || early.entries[name].underived != "" {
					t.Errorf("%s, %s: of %s %q is left", m.Name, stored, name, e.underived)
				}
			}
		}
	}
}

// SAS-09: what one asks for after the other is bounded in all. What is above the
// bound is not begun, and nobody is told that the password is wrong.
func TestWorkIsBounded(t *testing.T) {
	tooMuch := Error{Local, "SAS-09", "too-much-work"}
	for _, c := range []struct {
		mechanism string
		stored    Stored
		work      int // the least that suffices for one run of both halves
	}{
		{"PLAIN", Clear, 0},
		{"PLAIN", Hashed, 2 * MinIterations}, // the verifier, and what was sent
		{"PLAIN", StoredSCRAM256, 2 * MinIterations},
		{"PLAIN", StoredSRP, 2 * srpMakeWork},
		{"SCRAM-SHA-256", Clear, 2 * MinIterations}, // one each
		{"SCRAM-SHA-256", StoredSCRAM256, 2 * MinIterations},
		{"CRAM-MD5", Clear, 0},
		{"SRP", Clear, 2 * srpWork},
		{"SRP", StoredSRP, 2*srpWork + srpMakeWork},
		{"GSSAPI", Clear, 2 * 2}, // the centre of these tests has a count of 2
	} {
		account := Account{Name: "tim", Password: Secret{Text: fuzzPassword}, Stored: c.stored}
		for _, work := range []int{c.work, c.work - 1, 0} {
			if work < 0 {
				continue
			}
			left := work
			got := meeting{mechanism: c.mechanism, store: newStore(t, account), credentials: credentials("", "tim", fuzzPassword),
				server: ServerOptions{Host: testHost, GSSAPI: GSSAPIServer{Keytab: testKeytab}}, client: ClientOptions{Host: testHost}, work: &left}.talk(t)
			if work == c.work {
				if got.serverErr != nil || got.clientErr != nil || left != 0 {
					t.Errorf("%s, %s: %d of %d are left: %v, %v", c.mechanism, c.stored, left, work, got.serverErr, got.clientErr)
				}
				continue
			}
			err := got.serverErr
			if got.clientErr != nil {
				err = got.clientErr
			}
			wantFault(t, c.mechanism, err, tooMuch)
			if left < 0 || slices.ContainsFunc(append(got.serverSteps, got.clientSteps...), func(s trace.Step) bool { return work == 0 && s.Op == trace.PBKDF2 }) {
				t.Errorf("%s, %s: %d of %d are left", c.mechanism, c.stored, left, work)
			}
		}
	}
}

// A store of accounts with high counts costs nothing before somebody asks.
func TestStoreIsQuick(t *testing.T) {
	var accounts []Account
	sum := 0
	for i := range 64 {
		accounts = append(accounts, Account{Name: fmt.Sprint(i), Password: Secret{Text: "x"}, Stored: StoredKinds[i%len(StoredKinds)], Iterations: MaxIterations})
		sum += accounts[i].Work()
	}
	start := time.Now()
	newStore(t, accounts...)
	if took := time.Since(start); took > 2*time.Second { // one verifier alone is a tenth of that
		t.Errorf("%v for work of %d", took, sum)
	}
	if want := 8 * (4*MaxIterations + srpMakeWork); sum != want {
		t.Errorf("the work is %d, want %d", sum, want)
	}
}
