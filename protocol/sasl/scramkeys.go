package sasl

import (
	"io"

	"example.org/smtpauth/protocol/trace"
)

// scramKeys are what a server keeps instead of the password (RFC 5802 §3).
type scramKeys struct{ stored, server []byte }

// scramAlg is the hash function of a store made for SCRAM.
func scramAlg(s Stored) (alg trace.Alg, ok bool) {
	switch s {
	case StoredSCRAM1:
		return trace.SHA1, true
	case StoredSCRAM256:
		return trace.SHA256, true
	case StoredSCRAM512:
		return trace.SHA512, true
	}
	return trace.Alg{}, false
}

// scramSalted returns SaltedPassword = Hi(password, salt, i), which is PBKDF2
// with one block of output (RFC 5802 §2.2).
func scramSalted(env *Env, alg trace.Alg, password, salt trace.Value, iterations int) (trace.Value, error) {
	return env.pbkdf2("SaltedPassword", alg, password, salt, iterations, alg.New().Size())
}

// scramClientKey returns ClientKey and StoredKey = H(ClientKey).
func scramClientKey(env *Env, alg trace.Alg, salted trace.Value) (client, stored trace.Value) {
	client = env.Trace.HMAC("ClientKey", alg, salted, trace.Constant("Client Key"))
	return client, env.Trace.Hash("StoredKey", alg, client)
}

func scramServerKey(env *Env, alg trace.Alg, salted trace.Value) trace.Value {
	return env.Trace.HMAC("ServerKey", alg, salted, trace.Constant("Server Key"))
}

// scramStoredKey makes StoredKey of a prepared password.
func scramStoredKey(env *Env, alg trace.Alg, password, salt trace.Value, iterations int) (trace.Value, error) {
	salted, err := scramSalted(env, alg, password, salt, iterations)
	if err != nil {
		return trace.Value{}, err
	}
	_, stored := scramClientKey(env, alg, salted)
	return stored, nil
}

// scramDerive makes both keys that a server needs.
func scramDerive(env *Env, alg trace.Alg, password, salt trace.Value, iterations int) (stored, server trace.Value, err error) {
	salted, err := scramSalted(env, alg, password, salt, iterations)
	if err != nil {
		return trace.Value{}, trace.Value{}, err
	}
	_, stored = scramClientKey(env, alg, salted)
	return stored, scramServerKey(env, alg, salted), nil
}

// scramKeys notes the keys that are kept: those of e, or zeros that stand in.
func (e *entry) scramKeys(env *Env, alg trace.Alg) (stored, server trace.Value) {
	keys := e.scram
	if len(keys.stored) != alg.New().Size() {
		zeros := make([]byte, alg.New().Size())
		keys = scramKeys{zeros, zeros}
	}
	return env.Trace.Given(e.label("stored-StoredKey", "dummy-StoredKey"), keys.stored, e.keeper()),
		env.Trace.Given(e.label("stored-ServerKey", "dummy-ServerKey"), keys.server, e.keeper())
}

// A scramEntry is what a server has of one name for one exchange.
type scramEntry struct {
	entry
	alg      trace.Alg
	saltName string // the label of salt
	salt     []byte
}

// scram finds what SCRAM with alg needs of a prepared name. Where nothing that
// fits is stored, the salt is made from the name and a secret of the store:
// each time the same one, so that nobody learns whether the name is there
// (SCR-18).
func (s *Store) scram(env *Env, alg trace.Alg, name trace.Value) (scramEntry, error) {
	kept, err := s.derived(env, name)
	if err != nil {
		return scramEntry{}, err
	}
	e := scramEntry{entry: *kept, alg: alg}
	if e.iterations > MaxIterations {
		e.unprovable = tooManyIterations
	}
	if e.account.Stored != Clear && e.fits() && (e.unprovable == "" || e.unprovable == tooManyIterations) {
		e.saltName, e.salt = "stored-salt", e.entry.salt
		return e, nil
	}
	e.saltName, e.salt = "derived-salt", e.account.Salt
	if len(e.salt) > 0 {
		return e, nil
	}
	secret, err := s.salts(env)
	if err != nil {
		return e, err
	}
	var quiet *trace.Recorder
	e.salt = quiet.HMAC("", trace.SHA256, trace.Value{Octets: secret}, name).Octets[:saltLength]
	return e, nil
}

// salts is the secret of the store, made when it is first asked for. The error
// is of env.Rand.
func (s *Store) salts(env *Env) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.secret == nil {
		secret := make([]byte, secretLength)
		if _, err := io.ReadFull(env.Rand, secret); err != nil {
			return nil, err
		}
		s.secret = secret
	}
	return s.secret, nil
}

// fits reports whether the store has what e's hash function needs.
func (e scramEntry) fits() bool {
	kept, ok := scramAlg(e.account.Stored)
	return e.account.Stored == Clear || ok && kept.Name == e.alg.Name
}

// keys returns StoredKey and ServerKey, computed first where the password is
// stored in clear.
func (e scramEntry) keys(env *Env, salt trace.Value) (stored, server trace.Value, err error) {
	if e.account.Stored == Clear && e.iterations <= MaxIterations {
		return scramDerive(env, e.alg, e.password(env), salt, e.iterations)
	}
	stored, server = e.scramKeys(env, e.alg)
	return stored, server, nil
}
