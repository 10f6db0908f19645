package sasl

import (
	"testing"

	"example.org/smtpauth/protocol/trace"
	xdg "github.com/xdg-go/scram"
)

// Another implementation of SCRAM judges both halves: xdg-go/scram.

var judges = map[string]xdg.HashGeneratorFcn{"SCRAM-SHA-1": xdg.SHA1, "SCRAM-SHA-256": xdg.SHA256, "SCRAM-SHA-512": xdg.SHA512}

// A converser is one half of the judge.
type converser interface {
	Step(string) (string, error)
	Valid() bool
}

// judged lets one of our halves and the judge's other half talk.
func judged(t *testing.T, ours Exchange, env *Env, theirs converser, weBegin bool) (last Result, err error) {
	t.Helper()
	said := ""
	if weBegin {
		if last, err = ours.Next(env, Message{}); err != nil {
			return last, err
		}
		said = last.Send.String()
	}
	for range 4 {
		if said, err = theirs.Step(said); err != nil {
			return last, err
		}
		if last, err = ours.Next(env, Send(trace.Constant(said))); err != nil || last.Done {
			return last, err
		}
		said = last.Send.String()
	}
	t.Fatal("no end")
	return last, err
}

func TestSCRAMJudged(t *testing.T) {
	binding := xdg.ChannelBinding{Type: xdg.ChannelBindingTLSExporter, Data: testChannel.Exporter}
	for name, hash := range judges {
		for _, plus := range []bool{false, true} {
			for _, user := range []string{"tim", "a,b=c", "jürgen"} {
				for _, right := range []bool{true, false} {
					full, password := name, "pässwörd"
					if plus {
						full += "-PLUS"
					}
					if !right {
						password = "wrong"
					}
					client, err := hash.NewClient(user, "pässwörd", "")
					if err != nil {
						t.Fatal(err)
					}
					server, err := hash.NewServer(func(name string) (xdg.StoredCredentials, error) {
						return client.GetStoredCredentialsWithError(xdg.KeyFactors{Salt: "a salt of its own", Iters: 4096})
					})
					if err != nil {
						t.Fatal(err)
					}
					conversation := client.NewConversation()
					other := server.NewConversation()
					if plus {
						conversation = client.NewConversationWithChannelBinding(binding)
						other = server.NewConversationWithChannelBindingRequired(binding)
					}
					ours := mechanism(t, full).Client(credentials("", user, password), ClientOptions{Channel: testChannel})
					r, err := judged(t, ours, testEnv(0, nil), other, true)
					if got := err == nil && r.Done && r.Checked && other.Valid(); got != right {
						t.Errorf("our client of %s with %q, %q: %+v, %v", full, user, password, r, err)
					}
					half := mechanism(t, full).Server(newStore(t, Account{Name: user, Password: Secret{Text: password}, Stored: storedFor(name)}), ServerOptions{Channel: testChannel})
					r, err = judged(t, half, testEnv(0, nil), conversation, false)
					if got := err == nil && r.Done && conversation.Valid(); got != right {
						t.Errorf("our server of %s with %q, %q: %+v, %v", full, user, password, r, err)
					}
				}
			}
		}
	}
}
