package sasl

import "example.org/smtpauth/protocol/trace"

// An srpEntry is what a server has of one name for one exchange.
type srpEntry struct {
	entry
	group    srpGroup
	saltName string // the label of salt
	salt     []byte
	standIn  []byte // for v, where none is stored nor can be made
}

// srp finds what SRP needs of a prepared name. Where nothing that fits is
// stored, the salt is the one that SCRAM would use, and a number that is made
// in the same manner stands for v: the same each time, so that nobody learns
// whether the name is there.
func (s *Store) srp(env *Env, name trace.Value) (srpEntry, error) {
	kept, err := s.derived(env, name)
	if err != nil {
		return srpEntry{}, err
	}
	e := srpEntry{entry: *kept}
	e.group, _ = srpGroupOf(e.account.Group)
	if e.account.Stored == StoredSRP && e.unprovable == "" {
		e.saltName, e.salt = "stored-salt", e.entry.salt
		return e, nil
	}
	secret, err := s.salts(env)
	if err != nil {
		return e, err
	}
	var quiet *trace.Recorder
	key := trace.Value{Octets: secret}
	e.saltName, e.salt = "derived-salt", e.account.Salt
	if len(e.salt) == 0 {
		e.salt = quiet.HMAC("", trace.SHA256, key, name).Octets[:saltLength]
	}
	if e.account.Stored != Clear {
		var v []byte
		for block := byte(0); len(v) <= len(e.group.n); block++ { // a prepared name has no NUL
			v = append(v, quiet.HMAC("", trace.SHA256, key, trace.Constant("\x00"+string(rune(block))+name.String())).Octets...)
		}
		e.standIn = quiet.Number(trace.Remainder, "", trace.Value{Octets: v}, trace.Value{Octets: e.group.n}).Octets
	}
	return e, nil
}

// fits reports whether the store has what SRP needs.
func (e srpEntry) fits() bool { return e.account.Stored == Clear || e.account.Stored == StoredSRP }

// verifier notes the v that is kept or stands in, or makes it of the password
// that is stored.
func (e srpEntry) verifier(env *Env, m srpMath, name, salt trace.Value) trace.Value {
	switch {
	case e.account.Stored == Clear:
		return m.verifier(env, srpSecret(env, name, e.password(env), salt))
	case e.standIn != nil:
		return env.Trace.Given("dummy-v", e.standIn, 0)
	}
	return env.Trace.Given("stored-v", e.v, e.keeper())
}

// srpVerifier makes the v of a prepared password, in the account's group.
func (e *entry) srpVerifier(env *Env, password, salt trace.Value) trace.Value {
	group, _ := srpGroupOf(e.account.Group)
	user := env.Trace.Text("stored-name", e.account.Name, e.keeper())
	m := srpMath{n: env.Trace.Given("N", group.n, trace.Everybody), g: env.Trace.Given("g", group.g, trace.Everybody)}
	return m.verifier(env, srpSecret(env, user, password, salt))
}

// srpKept notes the v that is kept, or zeros that stand in.
func (e *entry) srpKept(env *Env) trace.Value {
	v := e.v
	if v == nil {
		group, _ := srpGroupOf(e.account.Group)
		v = make([]byte, len(group.n))
	}
	return env.Trace.Given(e.label("stored-v", "dummy-v"), v, e.keeper())
}
