package client

import (
	"testing"

	"example.org/smtpauth/protocol/problem"
)

// Every kind that a reply may be of means something to the client; of what only
// a server can find, no reply is.
func TestEveryKindMeansSomething(t *testing.T) {
	for _, kind := range problem.Kinds {
		if m := meaningOf(kind); (m.fault == "") != (kind == problem.Altered) {
			t.Errorf("%s is %q", kind, m.fault)
		}
	}
}
