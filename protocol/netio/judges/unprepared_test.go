//go:build !js

package judges

import (
	"net"
	"testing"

	"example.org/smtpauth/protocol/client"
)

// CRM-07: these clients do no SASLprep in mechanisms whose RFCs do not name it.
func TestUnpreparedPassword(t *testing.T) {
	const ann, squared = "ann", "pa²ss"
	for _, j := range []clientJudge{curl, swaks} {
		for _, mechanism := range []string{"CRAM-MD5", "DIGEST-MD5", "PLAIN"} {
			t.Run(j.name+"/"+mechanism, func(t *testing.T) {
				t.Parallel()
				j.version(t)
				s := serve(t, mechanism, false, "-user", ann+":"+squared)
				do := task{Mechanism: mechanism, TLS: client.StartTLS, Host: name, User: ann, Password: squared, From: from, To: to, CA: s.ca, Letter: []byte(letterFor("judge"))}
				_, do.Port, _ = net.SplitHostPort(s.clear)
				err := j.send(t, do)
				if seen := s.stop(t); err != nil || seen.reply != 235 || seen.mechanism != mechanism {
					t.Errorf("AUTH %s was answered %d: %v", seen.mechanism, seen.reply, err)
				}
			})
		}
	}
}
