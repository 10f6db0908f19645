//go:build !js

package sasl

import (
	"encoding/hex"
	"strings"
	"testing"

	"example.org/smtpauth/protocol/trace"
	azure "github.com/Azure/go-ntlmssp"
)

// Another implementation of NTLM's client judges our server: Azure/go-ntlmssp,
// with the password and with its NT hash alone.
func TestNTLMJudged(t *testing.T) {
	for _, stored := range []Stored{Clear, StoredNT} {
		for _, name := range []string{"tim", `EXAMPLE\tim`, "jürgen"} {
			for _, hashed := range []bool{false, true} {
				for _, right := range []bool{true, false} {
					user := name[strings.IndexByte(name, '\\')+1:]
					store := newStore(t, Account{Name: user, Password: Secret{Text: "pässwörd"}, Stored: stored})
					server, env := mechanism(t, "NTLM").Server(store, ServerOptions{Host: "mail.example.org", NTLM: NTLMServer{Domain: "EXAMPLE"}}), testEnv(0, trace.NewRecorder(trace.Server))
					said, err := azure.NewNegotiateMessage("", "WORKSTATION")
					if err != nil {
						t.Fatal(err)
					}
					r, err := server.Next(env, Send(trace.Value{Octets: said}))
					if err != nil {
						t.Fatal(err)
					}
					secret := "pässwörd"
					if !right {
						secret = "password"
					}
					if hashed {
						secret = hex.EncodeToString(ntowf(&Env{}, trace.Constant(secret)).Octets)
					}
					if said, err = azure.NewAuthenticateMessage(r.Send.Octets, name, secret, &azure.AuthenticateMessageOptions{PasswordHashed: hashed}); err != nil {
						t.Fatal(err)
					}
					r, err = server.Next(env, Send(trace.Value{Octets: said}))
					if got := err == nil && r.Done && r.Authcid == user; got != right {
						t.Errorf("%s of %s, hashed %v, right %v: %+v, %v", name, stored, hashed, right, r, err)
					}
					if err := trace.Check(env.Trace.Take()); err != nil {
						t.Error(err)
					}
				}
			}
		}
	}
}
