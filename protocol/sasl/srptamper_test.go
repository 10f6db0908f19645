package sasl

import (
	"fmt"
	"testing"

	"example.org/smtpauth/protocol/trace"
)

// srpSays is what of a message the proofs cover; empty: it is no message. Not
// covered are sid and cn, for there is no older session, and the IVs of a layer
// that nobody chose.
func srpSays(n int, message string) string {
	env, v := testEnv(0, nil), trace.Constant(message)
	switch n {
	case 0:
		if m, ok := readSRPIdentity(env, v); ok {
			return fmt.Sprintf("%q %q", m.authcid, m.authzid)
		}
	case 2:
		if a, m1, chosen, ok := readSRPEvidence(env, v); ok {
			return fmt.Sprintf("%q %q %q", a, m1, chosen)
		}
	case 3:
		if m, ok := readSRPConfirmation(env, v); ok {
			return fmt.Sprintf("%q %q %q", m.m2, m.session, m.ttl)
		}
	default:
		return message
	}
	return ""
}

// A change that anybody makes to a message is noticed by one of the two, where
// it changes what the message says.
func TestSRPTampered(t *testing.T) {
	m := meeting{mechanism: "SRP", store: newStore(t, srpAccount("tim", "secret")), credentials: credentials("", "tim", "secret")}
	honest := m.talk(t)
	tampered(t, m, func(what string, n int, got talk) {
		changed := n >= len(got.lines) || srpSays(n, got.lines[n][3:]) != srpSays(n, honest.lines[n][3:])
		if got.result.Done && got.clientResult.Done && changed {
			t.Errorf("message %d %s: nobody noticed: %q", n, what, got.lines)
		}
	})
}
