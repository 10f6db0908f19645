package sasl

import (
	"bytes"
	"errors"
	"fmt"
	"testing"
)

// tamperings are what somebody on the wire does to a message; said are the
// messages before it.
var tamperings = map[string]func(octets []byte, said [][]byte) []byte{
	"empty":      func(m []byte, _ [][]byte) []byte { return nil },
	"cut":        func(m []byte, _ [][]byte) []byte { return m[:len(m)/2] },
	"cut by one": func(m []byte, _ [][]byte) []byte { return m[:max(0, len(m)-1)] },
	"doubled":    func(m []byte, _ [][]byte) []byte { return append(m, m...) },
	"longer":     func(m []byte, _ [][]byte) []byte { return append(m, bytes.Repeat([]byte("A"), 5000)...) },
	"zeros":      func(m []byte, _ [][]byte) []byte { return make([]byte, len(m)) },
	"reflected": func(m []byte, said [][]byte) []byte {
		if len(said) == 0 {
			return bytes.Repeat(m, 3)
		}
		return said[len(said)-1]
	},
	"repeated": func(m []byte, said [][]byte) []byte {
		if len(said) < 2 {
			return append([]byte{0}, m...)
		}
		return said[len(said)-2]
	},
}

// tampered runs m with each message in turn tampered with in every way, bit
// flips included, and calls check where the octets did change.
func tampered(t *testing.T, m meeting, check func(what string, n int, got talk)) {
	t.Helper()
	honest := m.talk(t)
	if !honest.result.Done {
		t.Fatalf("%s: %+v, %v", m.mechanism, honest.result, honest.serverErr)
	}
	m.quiet = true
	for n := range honest.lines {
		run := func(what string, change func([]byte, [][]byte) []byte) {
			var said [][]byte
			changed := false
			m := m
			m.tamper = func(i int, octets []byte) []byte {
				out := octets
				if i == n {
					out = change(bytes.Clone(octets), said)
					changed = !bytes.Equal(out, octets)
				}
				said = append(said, octets)
				return out
			}
			got := m.talk(t)
			if !changed {
				return
			}
			for _, err := range []error{got.serverErr, got.clientErr} {
				if fault := (*Error)(nil); err != nil && (!errors.As(err, &fault) || fault.Kind == OutOfStep || fault.Kind == Local) {
					t.Errorf("%s, message %d %s: %v", m.mechanism, n, what, err)
				}
			}
			check(what, n, got)
		}
		for what, change := range tamperings {
			run(what, change)
		}
		for at := range len(honest.lines[n]) - len("C: ") {
			if at%3 != n%3 && at > 8 { // a third of them will do
				continue
			}
			run(fmt.Sprintf("bit %d flipped", 8*at), func(octets []byte, _ [][]byte) []byte {
				octets[at] ^= 1
				return octets
			})
		}
	}
}

// No change to any message of NTLMv2 goes unnoticed: where the server tells the
// time, the MIC covers all three (NTL-04, NTL-08).
func TestNTLMTampered(t *testing.T) {
	for _, stored := range []Stored{Clear, StoredNT} {
		account := Account{Name: "user", Password: Secret{Text: "pencil"}, Stored: stored}
		m := meeting{mechanism: "NTLM", store: newStore(t, account), credentials: credentials("", "user", "pencil"),
			client: ClientOptions{NTLM: NTLMClient{Domain: "Domain", Workstation: "COMPUTER"}}, server: ServerOptions{Host: "mail.example.org", NTLM: NTLMServer{Domain: "EXAMPLE"}}}
		tampered(t, m, func(what string, n int, got talk) {
			if got.result.Done {
				t.Errorf("message %d %s: nobody noticed: %q", n, what, got.lines)
			}
		})
	}
}

// No change to any message of SCRAM goes unnoticed by both sides: each has to
// be the one that was sent (SCR-10, SCR-12, SCR-14).
func TestSCRAMTampered(t *testing.T) {
	account := Account{Name: "user", Password: Secret{Text: "pencil"}, Stored: StoredSCRAM256, Iterations: 2}
	channel := Channel{TLS: true, Exporter: make([]byte, 32)}
	for _, name := range []string{"SCRAM-SHA-256", "SCRAM-SHA-256-PLUS"} {
		for _, errors := range []bool{false, true} {
			m := meeting{mechanism: name, store: newStore(t, account), credentials: credentials("", "user", "pencil"),
				client: ClientOptions{Channel: channel, SCRAM: SCRAMClient{FewIterations: true}}, server: ServerOptions{Channel: channel, SCRAM: SCRAMServer{SayErrors: errors}}}
			tampered(t, m, func(what string, n int, got talk) {
				if got.result.Done && got.clientResult.Done && n < 4 {
					t.Errorf("%s, message %d %s: nobody noticed: %q", name, n, what, got.lines)
				}
				if got.result.Done && n == 4 {
					t.Errorf("%s: the last response may only be empty: %q", name, got.lines)
				}
			})
		}
	}
}

// Whatever is done to a message of the mechanisms that prove nothing but the
// password, it ends in the reply of the RFC or lets in him who was meant: nobody
// comes in as somebody else (AUTH-27).
func TestPasswordsTampered(t *testing.T) {
	for _, name := range []string{"PLAIN", "LOGIN", "CRAM-MD5"} {
		t.Run(name, func(t *testing.T) {
			meeting := meeting{mechanism: name, store: fuzzStore(t), credentials: fuzzCredentials(t), client: fuzzClient(0), server: fuzzServer(t)}
			runs := 0
			tampered(t, meeting, func(what string, n int, got talk) {
				runs++
				if r := got.result; r.Done && r.Authcid != "tim" {
					t.Errorf("message %d %s: let in as %q: %q", n, what, r.Authcid, got.lines)
				}
			})
			if runs < 8 {
				t.Errorf("%d changes", runs)
			}
		})
	}
}
