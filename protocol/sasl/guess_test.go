package sasl

import (
	"bytes"
	"testing"

	"example.org/smtpauth/protocol/trace"
)

// heard are the values of a talk that a party knows, by their labels.
func heard(t talk, who trace.Party) map[string][]byte {
	values := map[string][]byte{}
	for _, steps := range [][]trace.Step{t.clientSteps, t.serverSteps} {
		for _, s := range steps {
			if s.Known&who != 0 && len(s.Out.Octets) > 0 {
				values[s.Label] = s.Out.Octets
			}
		}
	}
	return values
}

// pick takes the values of labels; ok tells whether all are there.
func pick(values map[string][]byte, labels []string) (picked [][]byte, ok bool) {
	for _, label := range labels {
		if values[label] == nil {
			return nil, false
		}
		picked = append(picked, values[label])
	}
	return picked, len(labels) > 0
}

// What a mechanism declares is enough to tell the right password from others,
// and TLS keeps it from a listener (CRM-09, AUTH-38).
func TestGuessFromWhatIsHeard(t *testing.T) {
	const password = "tanstaaftanstaaf"
	try := map[string]func(values [][]byte, guess string) bool{
		"CRAM-MD5": func(v [][]byte, guess string) bool {
			env := testEnv(0, nil)
			return bytes.Equal(cramDigest(env, trace.Constant(guess), trace.Value{Octets: v[0]}).Octets, v[1])
		},
	}
	for _, mech := range Mechanisms {
		for _, under := range []bool{false, true} {
			talk := meeting{mechanism: mech.Name, credentials: credentials("", "tim", password),
				store: newStore(t, clearAccount("tim", password)), under: under}.talk(t)
			values, can := pick(heard(talk, trace.Wire), mech.Guess)
			if want := !under && mech.Name == "CRAM-MD5"; can != want {
				t.Errorf("%s, TLS %v: a listener can guess: %v, want %v", mech.Name, under, can, want)
			}
			if can && (!try[mech.Name](values, password) || try[mech.Name](values, "tanstaaftanstaaF")) {
				t.Errorf("%s: %v do not tell the password from another", mech.Name, mech.Guess)
			}
			for _, label := range mech.Guess {
				if !listed(Labels, label) {
					t.Errorf("%s: label %q is not listed", mech.Name, label)
				}
			}
			has := bytes.Equal(heard(talk, trace.Wire)["passwd"], []byte(password))
			if want := mech.Clear && !under; has != want {
				t.Errorf("%s, TLS %v: a listener has the password: %v, want %v", mech.Name, under, has, want)
			}
		}
	}
}

// A thief of the store has a clear password and can guess a hashed one.
func TestGuessFromTheStore(t *testing.T) {
	const password = "tanstaaftanstaaf"
	for _, account := range []Account{clearAccount("tim", password), hashedAccount("tim", password)} {
		talk := meeting{mechanism: "PLAIN", credentials: credentials("", "tim", password), store: newStore(t, account), under: true}.talk(t)
		stolen := heard(talk, trace.Store)
		if has, want := stolen["stored-password"] != nil, account.Stored == Clear; has != want {
			t.Errorf("%s: the store has the password: %v, want %v", account.Stored, has, want)
		}
		values, can := pick(stolen, account.Stored.Guess())
		if want := account.Stored == Hashed; can != want {
			t.Fatalf("%s: a thief can guess: %v, want %v", account.Stored, can, want)
		}
		if !can {
			continue
		}
		for guess, right := range map[string]bool{password: true, "tanstaaftanstaaF": false} {
			var quiet *trace.Recorder
			v, err := quiet.PBKDF2("", trace.SHA256, trace.Constant(guess), trace.Value{Octets: values[0]}, iterations, verifierLength)
			if err != nil || bytes.Equal(v.Octets, values[1]) != right {
				t.Errorf("guess %q: %v, %v", guess, !right, err)
			}
		}
	}
}
