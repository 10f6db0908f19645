package sasl

import (
	"bytes"
	"strconv"
	"testing"

	"example.org/smtpauth/protocol/sasl/issuer"
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
	for name := range judges {
		try[name] = func(v [][]byte, guess string) bool { return scramGuess(t, name, v, guess) }
		try[name+"-PLUS"] = try[name]
	}
	try["DIGEST-MD5"] = func(v [][]byte, guess string) bool {
		set, ok := digestSet(trace.Value{Octets: v[0]}, digestResponseLimit)
		if !ok {
			t.Fatalf("%q", v[0])
		}
		env := testEnv(0, nil)
		value := func(name string) trace.Value { return trace.Constant(set.text(name, "")) }
		d := digest{nonce: value("nonce"), count: value("nc"), cnonce: value("cnonce"), qop: value("qop"), uri: value("digest-uri")}
		secret := digestSecret(env, value("username"), value("realm"), trace.Constant(guess))
		return d.of(env, "", "AUTHENTICATE", secret).String() == set.text("response", "")
	}
	try["NTLM"] = func(v [][]byte, guess string) bool {
		challenge, ok := readChallenge(v[0])
		m, fine := readAuthenticate(v[1])
		if !ok || !fine {
			t.Fatalf("%q, %q", v[0], v[1])
		}
		env, message := testEnv(0, nil), trace.Value{Octets: v[1]}
		user, err := env.Trace.FromUTF16("", m.user.of(message))
		if err != nil {
			t.Fatal(err)
		}
		key, response := ntowf2(env, ntowf(env, trace.Constant(guess)), user, m.domain.of(message)), m.nt.of(message)
		proof := ntProof(env, key, challenge.challenge.of(trace.Value{Octets: v[0]}), response.From(ntlmProof))
		return bytes.Equal(proof.Octets, response.Octets[:ntlmProof])
	}
	for _, mech := range Mechanisms() {
		for _, under := range []bool{false, true} {
			m := meeting{mechanism: mech.Name, credentials: credentials("", "tim", password), store: newStore(t, clearAccount("tim", password))}
			secret, label := password, "passwd"
			if mech.Facts.Crosses == CrossesToken {
				m = tokenMeeting(t, mech.Name, m.store, issuer.Claims{}, "")
				secret, label = m.credentials.Token.Text, "token"
			}
			if mech.Keyed {
				m = gssMeeting(m.store, "")
			}
			m.under = under
			talk := m.talk(t)
			values, can := pick(heard(talk, trace.Wire), mech.Guess())
			if want := !under && mech.Facts.Listener == GainsGuesses; can != want {
				t.Errorf("%s, TLS %v: a listener can guess: %v, want %v", mech.Name, under, can, want)
			}
			if can && (!try[mech.Name](values, password) || try[mech.Name](values, "tanstaaftanstaaF")) {
				t.Errorf("%s: %v do not tell the password from another", mech.Name, mech.Guess())
			}
			for _, label := range mech.Guess() {
				if !listed(Vocabulary().Labels, label) {
					t.Errorf("%s: label %q is not listed", mech.Name, label)
				}
			}
			has := bytes.Equal(heard(talk, trace.Wire)[label], []byte(secret))
			if want := mech.Clear && !under; has != want {
				t.Errorf("%s, TLS %v: a listener has the password: %v, want %v", mech.Name, under, has, want)
			}
		}
	}
}

// scramGuess makes the proof of a guessed password from what was heard.
func scramGuess(t *testing.T, name string, v [][]byte, guess string) bool {
	alg, _ := scramAlg(storedFor(name))
	count, err := strconv.Atoi(string(v[1]))
	if err != nil {
		t.Fatal(err)
	}
	env := testEnv(0, nil)
	salted, err := scramSalted(env, alg, trace.Constant(guess), trace.Value{Octets: v[0]}, count)
	if err != nil {
		t.Fatal(err)
	}
	key, stored := scramClientKey(env, alg, salted)
	proof := env.Trace.XOR("", key, env.Trace.HMAC("", alg, stored, trace.Value{Octets: v[2]}))
	return bytes.Equal(proof.Octets, v[3])
}

// A thief of the store has a clear password and can guess a hashed one.
func TestGuessFromTheStore(t *testing.T) {
	const password = "tanstaaftanstaaf"
	for _, stored := range StoredKinds {
		account := Account{Name: "tim", Password: Secret{Text: password}, Stored: stored}
		talk := meeting{mechanism: "PLAIN", credentials: credentials("", "tim", password), store: newStore(t, account), under: true}.talk(t)
		stolen := heard(talk, trace.Store)
		if has, want := stolen["stored-password"] != nil, account.Stored == Clear; has != want {
			t.Errorf("%s: the store has the password: %v, want %v", account.Stored, has, want)
		}
		values, can := pick(stolen, account.Stored.Guess())
		if want := account.Stored != Clear; can != want {
			t.Fatalf("%s: a thief can guess: %v, want %v", account.Stored, can, want)
		}
		if !can {
			continue
		}
		for guess, right := range map[string]bool{password: true, "tanstaaftanstaaF": false} {
			if stored == StoredNT {
				if bytes.Equal(ntowf(testEnv(0, nil), trace.Constant(guess)).Octets, values[0]) != right {
					t.Errorf("%s: guess %q: %v", stored, guess, !right)
				}
				continue
			}
			if stored == StoredDigest {
				secret := digestSecret(testEnv(0, nil), trace.Constant("tim"), trace.Constant(""), trace.Constant(guess))
				if bytes.Equal(secret.Octets, values[0]) != right {
					t.Errorf("%s: guess %q: %v", stored, guess, !right)
				}
				continue
			}
			if stored == StoredSRP {
				v := (&entry{account: account}).srpVerifier(testEnv(0, nil), trace.Constant(guess), trace.Value{Octets: values[0]})
				if bytes.Equal(v.Octets, values[1]) != right {
					t.Errorf("%s: guess %q: %v", stored, guess, !right)
				}
				continue
			}
			if alg, ok := scramAlg(stored); ok {
				key, err := scramStoredKey(testEnv(0, nil), alg, trace.Constant(guess), trace.Value{Octets: values[0]}, MinIterations)
				if err != nil || bytes.Equal(key.Octets, values[1]) != right {
					t.Errorf("%s: guess %q: %v, %v", stored, guess, !right, err)
				}
				continue
			}
			var quiet *trace.Recorder
			v, err := quiet.PBKDF2("", trace.SHA256, trace.Constant(guess), trace.Value{Octets: values[0]}, MinIterations, verifierLength)
			if err != nil || bytes.Equal(v.Octets, values[1]) != right {
				t.Errorf("guess %q: %v, %v", guess, !right, err)
			}
		}
	}
}
