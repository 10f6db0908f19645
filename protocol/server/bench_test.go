package server_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"example.org/smtpauth/protocol/client"
	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/server"
	"example.org/smtpauth/protocol/trace"
)

// BenchmarkCRAMMD5Session is a session from the greeting to 235, without TLS,
// both machines connected with nothing in between. The recorders note what the
// page shows; a native server has none.
func BenchmarkCRAMMD5Session(b *testing.B) {
	for name, record := range map[string]bool{"plain": false, "recorder": true} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if !authenticated(record) {
					b.Fatal("no 235")
				}
			}
		})
	}
}

// The session that is measured is one.
func TestCRAMMD5Session(t *testing.T) {
	for _, record := range []bool{false, true} {
		if !authenticated(record) {
			t.Errorf("recorder %t: no 235", record)
		}
	}
}

func authenticated(record bool) bool {
	env := func(side trace.Party) sasl.Env {
		e := sasl.Env{Rand: rand.NewChaCha8([32]byte{byte(side)}), Now: func() time.Time { return time.Unix(697170952, 0) }}
		if record {
			e.Trace = trace.NewRecorder(side)
		}
		return e
	}
	password := sasl.Secret{Text: "tanstaaftanstaaf"}
	s, err := server.New(server.Policy{
		Host: "mail.example.org", Role: server.Submission, Extensions: []string{"PIPELINING", "8BITMIME", "ENHANCEDSTATUSCODES"},
		BeforeTLS: []string{"CRAM-MD5"}, Accounts: []sasl.Account{{Name: "tim", Password: password, Stored: sasl.Clear}},
	}, env(trace.Server))
	if err != nil {
		return false
	}
	c := client.New(client.Plan{
		Name: "client.example.net", TLS: client.NoTLS, When: client.First, Mechanisms: []string{"CRAM-MD5"},
		User: sasl.Credentials{Authcid: "tim", Password: password},
	}, env(trace.Client))
	c.Step(machine.Input{Kind: machine.Connected})
	toClient := said(s.Step(machine.Input{Kind: machine.Connected}))
	for s.State().Authcid == "" && len(toClient) > 0 {
		var toServer []byte
		for _, e := range c.Step(machine.Input{Kind: machine.Octets, Octets: toClient}) {
			toServer = append(toServer, octetsOf(e)...)
		}
		toClient = said(s.Step(machine.Input{Kind: machine.Octets, Octets: toServer}))
	}
	return s.State().Authcid == "tim"
}

func octetsOf(e client.Event) []byte {
	if e.Kind == machine.Said {
		return e.Octets
	}
	return nil
}

func said(events []server.Event) (octets []byte) {
	for _, e := range events {
		if e.Kind == machine.Said {
			octets = append(octets, e.Octets...)
		}
	}
	return octets
}
