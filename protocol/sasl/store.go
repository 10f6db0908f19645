package sasl

import (
	"crypto/sha256"
	"io"
	"slices"
	"sync"
	"time"

	"example.org/smtpauth/protocol/trace"
)

// Stored says what a server keeps of a password.
type Stored string

const (
	Clear  Stored = "clear"  // the password itself: every mechanism here works
	Hashed Stored = "hashed" // salt and PBKDF2-HMAC-SHA-256: PLAIN and LOGIN only

	// What SCRAM needs, and no more: salt, count, StoredKey and ServerKey (RFC
	// 5802 §3). PLAIN and LOGIN can be checked against it too.
	StoredSCRAM1   Stored = "scram-sha-1"
	StoredSCRAM256 Stored = "scram-sha-256"
	StoredSCRAM512 Stored = "scram-sha-512"

	// H(user:realm:password) (RFC 2831 §3.9): DIGEST-MD5, PLAIN and LOGIN.
	StoredDigest Stored = "digest-md5"

	// The NT hash ([MS-NLMP] §3.3.1): NTLM, PLAIN and LOGIN. It has no salt, and
	// serves a thief as well as the password: pass the hash (NTL-10).
	StoredNT Stored = "nt-hash"

	// Salt and v of an SRP group with SHA-1 (RFC 2945 §3): SRP, PLAIN and LOGIN.
	StoredSRP Stored = "srp"
)

// StoredKinds are all of them, in the order of their declaration.
var StoredKinds = []Stored{Clear, Hashed, StoredSCRAM1, StoredSCRAM256, StoredSCRAM512, StoredDigest, StoredNT, StoredSRP}

// Guess are labels of values, as those of a Mechanism: who takes them from the
// store can try passwords on them. Clear needs no guessing.
func (s Stored) Guess() []string {
	switch s {
	case Hashed:
		return []string{"stored-salt", "stored-verifier"}
	case StoredSCRAM1, StoredSCRAM256, StoredSCRAM512:
		return []string{"stored-salt", "stored-StoredKey"}
	case StoredDigest:
		return []string{"stored-digest"}
	case StoredNT:
		return []string{"stored-NTOWFv1"}
	case StoredSRP:
		return []string{"stored-salt", "stored-v"}
	}
	return nil
}

// An Account is one user of a server.
type Account struct {
	Name     string   `json:"name"`
	Password Secret   `json:"password"`
	Stored   Stored   `json:"stored"`
	ActAs    []string `json:"act_as,omitempty"`  // authorization identities beside its own
	Senders  []string `json:"senders,omitempty"` // reverse-paths it may use; empty: any

	// SCRAM's and SRP's, for a lesson. Salt pins the salt; empty: one of its own.
	// Iterations is the count of PBKDF2; 0: 4096. With a count that no client
	// goes along with (above MaxIterations) nothing is computed, and nothing
	// proves the account.
	Salt       []byte `json:"salt,omitempty"`
	Iterations int    `json:"iterations,omitempty"`

	Realm string `json:"realm,omitempty"` // of StoredDigest
	Group int    `json:"group,omitempty"` // of SRP: the bits of N, one of SRPGroups; 0: 2048
}

// MaxIterations is the highest count of PBKDF2 that either side computes
// (SAS-09); MinIterations the lowest that a careful one does (SCR-07, SCR-08).
const (
	MaxIterations = 200_000
	MinIterations = 4096
)

// tooManyIterations is the reason of an account that nothing proves because
// nobody would compute its keys.
const tooManyIterations = "too-many-iterations"

const (
	saltLength     = 16 // octets
	verifierLength = 32 // octets
	secretLength   = 32 // octets
)

// A Store is what a server keeps between sessions: names and verifiers, made
// of prepared strings (RFC 4616 §2). Sessions may share it.
type Store struct {
	entries map[string]*entry // by prepared name
	dummy   entry             // works as hard for a name that is not there

	mu             sync.Mutex                      // of what is below, and of what an entry gets later
	authenticators map[[sha256.Size]byte]time.Time // of GSSAPI, and when they came

	secret []byte // makes the salts of names that have none of their own (SCR-18); nil until one is asked for
}

// An entry is one account as the server keeps it.
type entry struct {
	account        Account
	unprovable     string // why no password proves it: a reason for an Error; empty: one does
	underived      string // the prepared password, until something is made of it
	clear          []byte
	salt, verifier []byte
	iterations     int
	scram          scramKeys
	digest         []byte // H(user:realm:password)
	raw            []byte // the clear password as it was given: not all clients prepare theirs
	changed        bool   // SASLprep has changed the password
	nt             []byte // the NT hash
	v              []byte // of SRP
}

// An AccountError says why an account cannot be stored.
type AccountError struct {
	Name   string
	Reason string // "not-prepared", "empty", "duplicate", "unknown-stored", "iterations" or "group"
}

func (e *AccountError) Error() string { return "sasl: account " + e.Name + ": " + e.Reason }

// NewStore makes a store. Of env it takes Rand alone, for salts. An account that
// cannot be stored is an *AccountError; one with an empty password is (PLAIN could
// not prove it, everybody could guess it). A withheld password makes an account
// that nobody can prove. Verifiers that take long are made when they are first
// asked for, as if they had been there: nothing is recorded. See Derive.
func NewStore(env *Env, accounts []Account) (*Store, error) {
	s := &Store{entries: map[string]*entry{}}
	s.dummy = entry{
		account:    Account{Stored: Clear},
		unprovable: "unknown-user",
		clear:      make([]byte, saltLength),
		raw:        make([]byte, saltLength),
		salt:       make([]byte, saltLength),
		verifier:   make([]byte, verifierLength),
		iterations: MinIterations,
	}
	for _, account := range accounts {
		e, err := s.newEntry(env, account)
		if err != nil {
			return nil, err
		}
		s.entries[e.account.Name] = &e
		if account.Stored != Clear {
			s.dummy.account.Stored = account.Stored
		}
		if account.Group != 0 {
			s.dummy.account.Group = account.Group
		}
		if e.unprovable == "" {
			s.dummy.iterations = max(s.dummy.iterations, e.iterations)
		}
	}
	return s, nil
}

func (s *Store) newEntry(env *Env, account Account) (entry, error) {
	fail := func(reason string) (entry, error) { return entry{}, &AccountError{account.Name, reason} }
	if !slices.Contains(StoredKinds, account.Stored) {
		return fail("unknown-stored")
	}
	if account.Iterations < 0 {
		return fail("iterations")
	}
	if _, known := srpGroupOf(account.Group); !known {
		return fail("group")
	}
	name, reason := prepareStored(account.Name)
	if reason != "" {
		return fail(reason)
	}
	if _, taken := s.entries[name]; taken {
		return fail("duplicate")
	}
	account.Name = name
	account.ActAs, account.Senders = slices.Clone(account.ActAs), slices.Clone(account.Senders)
	for i, authzid := range account.ActAs {
		if account.ActAs[i], reason = prepareStored(authzid); reason != "" {
			return fail(reason)
		}
	}
	e := s.dummy
	e.account, e.unprovable = account, ""
	if len(account.Salt) > 0 {
		e.salt = account.Salt
	}
	if e.iterations = account.Iterations; e.iterations == 0 {
		e.iterations = MinIterations
	}
	if account.Password.Withheld {
		e.unprovable = "withheld"
		return e, nil
	}
	password, reason := prepareStored(account.Password.Text)
	if reason != "" {
		return fail(reason)
	}
	e.changed = password != account.Password.Text
	if account.Stored == Clear {
		e.account.Password = Secret{Text: password}
		e.clear, e.raw = []byte(password), []byte(account.Password.Text)
		return e, nil
	}
	e.account.Password = Secret{Withheld: true} // not kept
	if len(account.Salt) == 0 {
		e.salt = make([]byte, saltLength)
		if _, err := io.ReadFull(env.Rand, e.salt); err != nil {
			return entry{}, err
		}
	}
	if account.Stored == StoredNT {
		e.nt = ntowf(&Env{}, trace.Constant(account.Password.Text)).Octets
		return e, nil
	}
	if e.iterations > MaxIterations {
		e.unprovable = tooManyIterations
		return e, nil
	}
	if account.Stored == StoredDigest {
		e.digest = digestSecret(&Env{}, trace.Constant(e.account.Name), trace.Constant(e.account.Realm), trace.Constant(password)).Octets
		return e, nil
	}
	e.underived = password
	return e, nil
}

// Derive makes all verifiers, for a store that many use: who has to wait longer
// for one that is there learns that it is (SAS-07). It takes env's Work alone.
func (s *Store) Derive(env *Env) error {
	for _, e := range s.entries {
		if err := e.derive(env); err != nil {
			return err
		}
	}
	return nil
}

// derived returns what is kept for a prepared name, or the dummy, with what is
// made of the password.
func (s *Store) derived(env *Env, name trace.Value) (*entry, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.entry(name)
	return e, e.derive(env)
}

// derive fills in what is kept of a password. Nothing is recorded.
func (e *entry) derive(env *Env) (err error) {
	if e.underived == "" {
		return nil
	}
	if err := env.spend(Account{Stored: e.account.Stored, Iterations: e.iterations}.Work()); err != nil {
		return err
	}
	quiet, password, salt := &Env{}, trace.Constant(e.underived), trace.Value{Octets: e.salt}
	var made, server trace.Value
	alg, scram := scramAlg(e.account.Stored)
	switch {
	case scram:
		made, server, err = scramDerive(quiet, alg, password, salt, e.iterations)
		e.scram = scramKeys{made.Octets, server.Octets}
	case e.account.Stored == StoredSRP:
		e.v = e.srpVerifier(quiet, password, salt).Octets
	default:
		made, err = quiet.pbkdf2("", trace.SHA256, password, salt, e.iterations, verifierLength)
		e.verifier = made.Octets
	}
	if err == nil {
		e.underived = ""
	}
	return err
}

// Account returns the account of a name as the peer wrote it. Name and ActAs
// are prepared; Password is withheld where only a verifier is kept.
func (s *Store) Account(name string) (Account, bool) {
	var quiet *trace.Recorder
	v, err := quiet.Prepare("", trace.Constant(name))
	if err != nil {
		return Account{}, false
	}
	e, ok := s.entries[v.String()]
	if !ok {
		return Account{}, false
	}
	return e.account, true
}

// entry returns what is kept for a prepared name, or the dummy.
func (s *Store) entry(name trace.Value) *entry {
	if e, ok := s.entries[string(name.Octets)]; ok {
		return e
	}
	return &s.dummy
}

// verify checks a prepared password of a prepared name. It does the same for
// a name that is not there as for one that is, with a dummy verifier.
func (s *Store) verify(env *Env, name, password trace.Value) (Account, error) {
	e, err := s.derived(env, name)
	if err != nil {
		return Account{}, err
	}
	sent, stored, err := e.compared(env, password)
	if err != nil {
		return Account{}, err
	}
	holds := env.Trace.Compare("password-check", sent, stored)
	return e.account, e.outcome(holds)
}

// compared returns what is made of a password that the peer sent, and what is
// kept to compare it with.
func (e *entry) compared(env *Env, password trace.Value) (sent, stored trace.Value, err error) {
	alg, scram := scramAlg(e.account.Stored)
	switch {
	case e.account.Stored == Clear:
		return password, e.password(env), nil
	case e.account.Stored == StoredDigest:
		user := env.Trace.Text("stored-name", e.account.Name, e.keeper())
		realm := env.Trace.Text("realm", e.account.Realm, e.keeper())
		return digestSecret(env, user, realm, password), e.digestSecret(env, e.account.Realm), nil
	case e.account.Stored == StoredNT:
		return ntowf(env, password), e.ntHash(env), nil
	case e.account.Stored == StoredSRP:
		if err := env.spend(srpMakeWork); err != nil {
			return sent, stored, err
		}
		salt := env.Trace.Given(e.label("stored-salt", "dummy-salt"), e.salt, e.keeper())
		return e.srpVerifier(env, password, salt), e.srpKept(env), nil
	case scram:
		salt := env.Trace.Given(e.label("stored-salt", "dummy-salt"), e.salt, e.keeper())
		sent, err = scramStoredKey(env, alg, password, salt, min(e.iterations, MaxIterations))
		stored, _ = e.scramKeys(env, alg)
		return sent, stored, err
	}
	salt := env.Trace.Given(e.label("stored-salt", "dummy-salt"), e.salt, e.keeper())
	sent, err = env.pbkdf2("computed-verifier", trace.SHA256, password, salt, min(e.iterations, MaxIterations), verifierLength)
	return sent, env.Trace.Given(e.label("stored-verifier", "dummy-verifier"), e.verifier, e.keeper()), err
}

// password notes the clear password. Who stores it in clear shares it with
// the client (RFC 2195 §3).
func (e *entry) password(env *Env) trace.Value { return e.given(env, "stored-password", e.clear) }

// rawPassword is password as it was given, before SASLprep (CRM-07).
func (e *entry) rawPassword(env *Env) trace.Value { return e.given(env, "stored-password-raw", e.raw) }

func (e *entry) given(env *Env, label string, octets []byte) trace.Value {
	known := e.keeper()
	if known != 0 {
		known |= trace.Client
	}
	return env.Trace.Given(e.label(label, "dummy-password"), octets, known)
}

// keeper is who has the entry beside the server at work: nobody has a dummy.
func (e *entry) keeper() trace.Party {
	if e.unprovable != "" {
		return 0
	}
	return trace.Store
}

// label names a value that is kept, or what stands in for it.
func (e *entry) label(stored, dummy string) string {
	if e.unprovable != "" {
		return dummy
	}
	return stored
}

// outcome is nil when the comparison held and may hold.
func (e *entry) outcome(holds bool) error {
	switch {
	case e.unprovable != "":
		return &Error{Refused, "AUTH-27", e.unprovable}
	case !holds:
		return &Error{Refused, "AUTH-27", "wrong-password"}
	}
	return nil
}

// outcomePrepared is outcome where the client's proof was compared with one of
// the prepared password alone: it may have used the password as it was given.
func (e *entry) outcomePrepared(holds bool) error {
	if err := e.outcome(holds); err == nil || e.unprovable != "" || !e.changed {
		return err
	}
	return &Error{Refused, "AUTH-27", "prepared-only"}
}

// authorize returns as whom account acts when authzid, prepared or empty, is
// asked for (RFC 4422 §3.4.1).
func (s *Store) authorize(env *Env, account Account, authcid, authzid trace.Value) (string, error) {
	if len(authzid.Octets) == 0 || env.Trace.Compare("authzid-check", authzid, authcid) {
		return account.Name, nil
	}
	for _, other := range account.ActAs {
		allowed := env.Trace.Text("stored-authzid", other, trace.Store)
		if env.Trace.Compare("authzid-check", authzid, allowed) {
			return other, nil
		}
	}
	return "", &Error{Refused, "SAS-02", "not-authorized"}
}
