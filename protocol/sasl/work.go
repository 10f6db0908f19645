package sasl

import "example.org/smtpauth/protocol/trace"

// Each value that asks for work has a bound of its own, such as MaxIterations.
// Env.Work bounds their sum, for a session that a stranger has written.

// What one half of SRP does in the largest group, and what making a verifier
// does, measured in a browser's program against PBKDF2 with SHA-256.
const (
	srpWork     = 20_000
	srpMakeWork = 4_000
)

// spend takes so many iterations of PBKDF2, or as much other work, from what may
// yet be computed.
func (env *Env) spend(iterations int) error {
	if env.Work == nil {
		return nil
	}
	if *env.Work < iterations {
		return &Error{Local, "SAS-09", "too-much-work"}
	}
	*env.Work -= iterations
	return nil
}

// pbkdf2 is env.Trace.PBKDF2 within env.Work, for one block of output.
func (env *Env) pbkdf2(label string, alg trace.Alg, password, salt trace.Value, iterations, length int) (trace.Value, error) {
	if err := env.spend(iterations); err != nil {
		return trace.Value{}, err
	}
	return env.Trace.PBKDF2(label, alg, password, salt, iterations, length)
}

// Work is what making the account's verifier takes, in iterations of PBKDF2.
func (a Account) Work() int {
	_, scram := scramAlg(a.Stored)
	switch {
	case a.Password.Withheld, a.Iterations > MaxIterations:
		return 0
	case scram || a.Stored == Hashed:
		if a.Iterations == 0 {
			return MinIterations
		}
		return a.Iterations
	case a.Stored == StoredSRP:
		return srpMakeWork
	}
	return 0
}
