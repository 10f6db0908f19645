package sasl

import (
	"errors"
	"testing"

	"example.org/smtpauth/protocol/sasl/issuer"
	"example.org/smtpauth/protocol/trace"
	gosasl "github.com/emersion/go-sasl"
)

// Another implementation of what is no more than a message or two judges both
// halves: emersion/go-sasl.

var errNo = errors.New("no")

// orNo is what the judge's server says of a log-in.
func orNo(yes bool) error {
	if !yes {
		return errNo
	}
	return nil
}

// toTheirs lets our client talk to the judge's server.
func toTheirs(t *testing.T, ours Exchange, env *Env, theirs gosasl.Server) error {
	t.Helper()
	said := Message{}
	for range 4 {
		r, err := ours.Next(env, said)
		if err != nil {
			return err
		}
		octets := r.Send.Octets
		if octets == nil {
			octets = []byte{}
		}
		challenge, done, err := theirs.Next(octets)
		if err != nil || done {
			return err
		}
		said = Send(trace.Constant(string(challenge)))
	}
	t.Fatal("no end")
	return nil
}

// fromTheirs lets the judge's client talk to our server.
func fromTheirs(t *testing.T, theirs gosasl.Client, ours Exchange, env *Env) error {
	t.Helper()
	_, initial, err := theirs.Start()
	if err != nil {
		return err
	}
	said := Send(trace.Constant(string(initial)))
	for range 4 {
		r, err := ours.Next(env, said)
		if err != nil || r.Done {
			return err
		}
		response, err := theirs.Next(r.Send.Octets)
		if err != nil {
			response = []byte{1} // the judge's OAUTHBEARER client reports here what it has yet to answer (RFC 7628 §3.2.3)
		}
		said = Send(trace.Constant(string(response)))
	}
	t.Fatal("no end")
	return nil
}

func TestGoSASLJudged(t *testing.T) {
	const user, password, host, port = "jürgen", "päss wörd", "mx.example", 587
	good := token(t, issuer.Claims{Subject: user})
	store := newStore(t, Account{Name: user, Password: Secret{Text: password}, Stored: Clear})
	rules := tokenRules(t)
	channel := testChannel
	channel.Client = user
	for _, right := range []bool{true, false} {
		given, bearer, as := password, good, ""
		if !right {
			given, bearer, as = "wrong", token(t, issuer.Claims{Subject: user, Scope: "no"}), "somebody else"
		}
		known := credentials("", user, given)
		for _, test := range []struct {
			name   string
			user   Credentials
			server gosasl.Server // nil: the judge has none
			client gosasl.Client
			any    bool // whoever comes is let in
		}{
			{"PLAIN", known, gosasl.NewPlainServer(func(identity, name, pass string) error {
				return orNo(identity == "" && name == user && pass == password)
			}), gosasl.NewPlainClient("", user, given), false},
			{"LOGIN", known, nil, gosasl.NewLoginClient(user, given), false},
			{"EXTERNAL", credentials(as, user, ""), gosasl.NewExternalServer(func(identity string) error { return orNo(identity == "") }),
				gosasl.NewExternalClient(as), false},
			{"ANONYMOUS", credentials("", "sirhc", ""), gosasl.NewAnonymousServer(func(trace string) error { return orNo(trace == "sirhc") }),
				gosasl.NewAnonymousClient("sirhc"), true},
			{"OAUTHBEARER", Credentials{Authcid: user, Token: Secret{Text: bearer}},
				gosasl.NewOAuthBearerServer(func(o gosasl.OAuthBearerOptions) *gosasl.OAuthBearerError {
					if o.Token == good && o.Host == host && o.Port == port {
						return nil
					}
					return &gosasl.OAuthBearerError{Status: "invalid_token", Schemes: "bearer"}
				}),
				gosasl.NewOAuthBearerClient(&gosasl.OAuthBearerOptions{Username: user, Token: bearer, Host: host, Port: port}), false},
		} {
			want := right || test.any
			m := mechanism(t, test.name)
			if test.server != nil {
				ours := m.Client(test.user, ClientOptions{Channel: channel, Host: host, OAuth: OAuthClient{Port: port}})
				if err := toTheirs(t, ours, testEnv(0, nil), test.server); (err == nil) != want {
					t.Errorf("our client of %s, right %v: %v", test.name, right, err)
				}
			}
			ours := m.Server(store, ServerOptions{Channel: channel, Host: host, Login: Prompts{Username: "Username:", Password: "Password:"}, OAuth: OAuthServer{Port: port, Tokens: rules.OAuth.Tokens}})
			if err := fromTheirs(t, test.client, ours, testEnv(0, nil)); (err == nil) != want {
				t.Errorf("our server of %s, right %v: %v", test.name, right, err)
			}
		}
	}
}
