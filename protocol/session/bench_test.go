package session_test

import (
	"testing"

	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/protocol/session"
)

// BenchmarkRun is what an edit on the page costs: a new session, run to its end.
func BenchmarkRun(b *testing.B) {
	for _, id := range []string{scenario.Default, "plain-initial", "login-clear"} {
		sc, _ := scenario.ByID(id)
		b.Run(id, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				s, err := session.New(sc.Setup())
				if err != nil {
					b.Fatal(err)
				}
				s.Run()
				s.Close()
			}
		})
	}
}
