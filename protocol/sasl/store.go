package sasl

import (
	"io"
	"slices"

	"example.org/smtpauth/protocol/trace"
)

// Stored says what a server keeps of a password.
type Stored string

const (
	Clear  Stored = "clear"  // the password itself: every mechanism here works
	Hashed Stored = "hashed" // salt and PBKDF2-HMAC-SHA-256: PLAIN and LOGIN only
)

// Guess are labels of values, as those of a Mechanism: who takes them from the
// store can try passwords on them. Clear needs no guessing.
func (s Stored) Guess() []string {
	if s == Hashed {
		return []string{"stored-salt", "stored-verifier"}
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
}

const (
	saltLength     = 16 // octets
	verifierLength = 32 // octets
	iterations     = 4096
)

// A Store is what a server keeps between sessions: names and verifiers, made
// of prepared strings (RFC 4616 §2). It does not change, so sessions share it.
type Store struct {
	entries map[string]entry // by prepared name
	dummy   entry            // works as hard for a name that is not there
}

// An entry is one account as the server keeps it.
type entry struct {
	account        Account
	unprovable     string // why no password proves it: a reason for an Error; empty: one does
	clear          []byte
	salt, verifier []byte
}

// An AccountError says why an account cannot be stored.
type AccountError struct {
	Name   string
	Reason string // "not-prepared", "empty", "duplicate" or "unknown-stored"
}

func (e *AccountError) Error() string { return "sasl: account " + e.Name + ": " + e.Reason }

// NewStore makes the verifiers. Of env it takes Rand alone, for salts: nothing
// is recorded, for this happened before the session. An account that cannot be
// stored is an *AccountError; one with an empty password is (PLAIN could not
// prove it, everybody could guess it). A withheld password makes an account
// that nobody can prove.
func NewStore(env *Env, accounts []Account) (*Store, error) {
	s := &Store{entries: map[string]entry{}}
	s.dummy = entry{
		account:    Account{Stored: Clear},
		unprovable: "unknown-user",
		clear:      make([]byte, saltLength),
		salt:       make([]byte, saltLength),
		verifier:   make([]byte, verifierLength),
	}
	for _, account := range accounts {
		e, err := s.newEntry(env, account)
		if err != nil {
			return nil, err
		}
		s.entries[e.account.Name] = e
		if account.Stored == Hashed {
			s.dummy.account.Stored = Hashed
		}
	}
	return s, nil
}

func (s *Store) newEntry(env *Env, account Account) (entry, error) {
	fail := func(reason string) (entry, error) { return entry{}, &AccountError{account.Name, reason} }
	if account.Stored != Clear && account.Stored != Hashed {
		return fail("unknown-stored")
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
	if account.Password.Withheld {
		e.unprovable = "withheld"
		return e, nil
	}
	password, reason := prepareStored(account.Password.Text)
	if reason != "" {
		return fail(reason)
	}
	if account.Stored == Clear {
		e.account.Password = Secret{Text: password}
		e.clear = []byte(password)
		return e, nil
	}
	e.account.Password = Secret{Withheld: true} // not kept
	e.salt = make([]byte, saltLength)
	if _, err := io.ReadFull(env.Rand, e.salt); err != nil {
		return entry{}, err
	}
	var quiet *trace.Recorder
	verifier, err := quiet.PBKDF2("", trace.SHA256, trace.Constant(password), trace.Value{Octets: e.salt}, iterations, verifierLength)
	e.verifier = verifier.Octets
	return e, err
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
	return e.account, ok
}

// entry returns what is kept for a prepared name, or the dummy.
func (s *Store) entry(name trace.Value) entry {
	if e, ok := s.entries[name.String()]; ok {
		return e
	}
	return s.dummy
}

// verify checks a prepared password of a prepared name. It does the same for
// a name that is not there as for one that is, with a dummy verifier.
func (s *Store) verify(env *Env, name, password trace.Value) (Account, error) {
	e := s.entry(name)
	stored, sent := trace.Value{}, password
	if e.account.Stored == Hashed {
		var err error
		salt := env.Trace.Given(e.label("salt"), e.salt, e.keeper())
		sent, err = env.Trace.PBKDF2("computed-verifier", trace.SHA256, password, salt, iterations, verifierLength)
		if err != nil {
			return Account{}, err
		}
		stored = env.Trace.Given(e.label("verifier"), e.verifier, e.keeper())
	} else {
		stored = e.password(env)
	}
	holds := env.Trace.Compare("password-check", sent, stored)
	return e.account, e.outcome(holds)
}

// password notes the clear password. Who stores it in clear shares it with
// the client (RFC 2195 §3).
func (e entry) password(env *Env) trace.Value {
	known := e.keeper()
	if known != 0 {
		known |= trace.Client
	}
	return env.Trace.Given(e.label("password"), e.clear, known)
}

// keeper is who has the entry beside the server at work: nobody has a dummy.
func (e entry) keeper() trace.Party {
	if e.unprovable != "" {
		return 0
	}
	return trace.Store
}

// label names a value that is kept: "stored-salt"; "dummy-salt" stands in.
func (e entry) label(what string) string {
	if e.unprovable != "" {
		return "dummy-" + what
	}
	return "stored-" + what
}

// outcome is nil when the comparison held and may hold.
func (e entry) outcome(holds bool) error {
	switch {
	case e.unprovable != "":
		return &Error{Refused, "AUTH-27", e.unprovable}
	case !holds:
		return &Error{Refused, "AUTH-27", "wrong-password"}
	}
	return nil
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
