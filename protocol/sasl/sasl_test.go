package sasl

import (
	"errors"
	"slices"
	"testing"

	"example.org/smtpauth/protocol/quirk"
	"example.org/smtpauth/protocol/sasl/issuer"
	"example.org/smtpauth/protocol/trace"
)

// allMeetings are meetings of every mechanism, good and bad, that together
// record every label.
func allMeetings(t testing.TB) []meeting {
	tim := clearAccount("tim", "secret")
	tim.ActAs = []string{"office"}
	store := newStore(t, tim, clearAccount("IX", "a"))
	hashed := newStore(t, hashedAccount("tim", "secret"))
	keys := newStore(t, Account{Name: "a,b", Password: Secret{Text: "secret"}, Stored: StoredSCRAM1, ActAs: []string{"c=d"}})
	upper := tokenMeeting(t, "OAUTHBEARER", store, issuer.Claims{}, "")
	upper.client.Host = "MX.example"
	return []meeting{
		upper,
		{mechanism: "SCRAM-SHA-1", store: keys, credentials: credentials("c=d", "a,b", "secret")},
		{mechanism: "SCRAM-SHA-1", store: keys, credentials: credentials("", "nobody", "secret"), server: ServerOptions{SCRAM: SCRAMServer{SayErrors: true}}},
		{mechanism: "SCRAM-SHA-256-PLUS", store: store, credentials: credentials("", "tim", "secret")},
		{mechanism: "DIGEST-MD5", store: store, credentials: credentials("office", "tim", "secret"), server: ServerOptions{Digest: DigestServer{Realm: "a"}}},
		{mechanism: "DIGEST-MD5", store: newStore(t, Account{Name: "j\"ürgen", Password: Secret{Text: "pässwörd"}, Stored: StoredDigest, Realm: "ü"}),
			credentials: credentials("", "j\"ürgen", "pässwörd"), server: ServerOptions{Digest: DigestServer{Realm: "ü"}}},
		{mechanism: "DIGEST-MD5", store: newStore(t, Account{Name: "tim", Password: Secret{Text: "x"}, Stored: StoredDigest}), credentials: credentials("", "nobody", "secret")},
		{mechanism: "NTLM", store: store, credentials: credentials("", "tim", "secret"), client: ClientOptions{NTLM: NTLMClient{Domain: "d", Workstation: "w"}}, noInitial: true},
		{mechanism: "NTLM", store: newStore(t, Account{Name: "tim", Password: Secret{Text: "x"}, Stored: StoredNT}), credentials: credentials("", "nobody", "x"),
			server: ServerOptions{NTLM: NTLMServer{Domain: "D"}}},
		{mechanism: "NTLM", store: newStore(t, Account{Name: "tim", Password: Secret{Text: "secret"}, Stored: StoredNT}), credentials: credentials("", "tim", "secret"),
			client: ClientOptions{NTLM: NTLMClient{Level: NTLMLM}}, server: ServerOptions{NTLM: NTLMServer{NTLMv1: true}}},
		{mechanism: "NTLM", store: store, credentials: credentials("", "tim", "secret"), client: ClientOptions{NTLM: NTLMClient{Level: NTLMv1Extended}}, server: ServerOptions{NTLM: NTLMServer{NTLMv1: true}}},
		{mechanism: "NTLM", store: store, credentials: credentials("", "tim", "secret"), tamper: untimed},
		{mechanism: "SRP", store: newStore(t, srpAccount("tim", "secret")), credentials: credentials("", "tim", "secret")},
		{mechanism: "SRP", store: newStore(t, srpAccount("tim", "secret")), credentials: credentials("", "nobody", "secret")},
		{mechanism: "SRP", store: store, credentials: credentials("office", "tim", "secret"), client: ClientOptions{SRP: SRPOptions{SRP6a: true}}, server: ServerOptions{SRP: SRPOptions{SRP6a: true}}},
		gssMeeting(store, ""), gssMeeting(store, "office"),
		tokenMeeting(t, "OAUTHBEARER", store, issuer.Claims{}, "office"), tokenMeeting(t, "XOAUTH2", store, issuer.Claims{}, ""),
		tokenMeeting(t, "XOAUTH2", store, issuer.Claims{Scope: "other"}, ""),
		{mechanism: "EXTERNAL", store: store, credentials: credentials("office", "", "")},
		{mechanism: "ANONYMOUS", store: store, credentials: credentials("", "sirhc", "")},
		{mechanism: "PLAIN", store: store, credentials: credentials("office", "tim", "secret")},
		{mechanism: "PLAIN", store: store, credentials: credentials("", "tim", "wrong"), noInitial: true},
		{mechanism: "PLAIN", store: hashed, credentials: credentials("", "tim", "secret")},
		{mechanism: "PLAIN", store: hashed, credentials: credentials("", "nobody", "secret")},
		{mechanism: "LOGIN", store: store, credentials: credentials("", "tim", "secret"), client: ClientOptions{Quirks: &quirk.Record{Asked: quirk.Set{quirk.LoginExact}}}, server: ServerOptions{Login: usual}},
		{mechanism: "LOGIN", store: hashed, credentials: credentials("", "tim", "secret"), client: ClientOptions{Login: LoginClient{Initial: true}}},
		{mechanism: "CRAM-MD5", store: store, credentials: credentials("", "tim", "secret"), server: ServerOptions{Host: "mx.example"}},
		{mechanism: "CRAM-MD5", store: store, credentials: credentials("", "\u2168", "a"), server: ServerOptions{CRAMMD5: CRAMMD5Server{Challenge: "<c>"}}},
		{mechanism: "CRAM-MD5", store: store, credentials: credentials("", "nobody", "a")},
		{mechanism: "CRAM-MD5", store: newStore(t, clearAccount("tim", "pa²ss")), credentials: credentials("", "tim", "pa²ss")},
		{mechanism: "DIGEST-MD5", store: newStore(t, clearAccount("tim", "pa²ss")), credentials: credentials("", "tim", "pa²ss")},
		{mechanism: "CRAM-MD5", store: hashed, credentials: credentials("", "tim", "secret")},
	}
}

// Without recorders the halves say the same octets.
func TestNilRecorder(t *testing.T) {
	for _, m := range allMeetings(t) {
		on := m.talk(t)
		m.quiet = true
		off := m.talk(t)
		if !slices.Equal(on.lines, off.lines) || on.result.Done != off.result.Done ||
			on.result.Authzid != off.result.Authzid || !errors.Is(off.serverErr, on.serverErr) {
			t.Errorf("%s: %q, %v; without recorders %q, %v", m.mechanism, on.lines, on.serverErr, off.lines, off.serverErr)
		}
		if len(on.serverSteps) == 0 || len(off.serverSteps) != 0 {
			t.Errorf("%s: %d steps, without recorders %d", m.mechanism, len(on.serverSteps), len(off.serverSteps))
		}
	}
}

// The vocabulary holds no label that nothing records.
func TestLabels(t *testing.T) {
	seen := map[string]bool{}
	for _, m := range allMeetings(t) {
		got := m.talk(t)
		var walk func([]trace.Step)
		walk = func(steps []trace.Step) {
			for _, s := range steps {
				seen[s.Label] = true
				walk(s.Sub)
			}
		}
		walk(got.clientSteps)
		walk(got.serverSteps)
	}
	for _, label := range Vocabulary().Labels {
		if !seen[label] {
			t.Errorf("label %q is not recorded", label)
		}
	}
}

// SAS-06: after its end, good or bad, a half says nothing more.
func TestOutOfStep(t *testing.T) {
	store := newStore(t, clearAccount("tim", "secret"))
	for _, m := range Mechanisms() {
		for name, half := range map[string]Exchange{
			"client": m.Client(credentials("", "tim", "secret"), ClientOptions{Channel: testChannel}),
			"server": m.Server(store, ServerOptions{Channel: testChannel}),
		} {
			env := testEnv(0, nil)
			over := false
			for range 5 {
				r, err := half.Next(env, Send(trace.Constant("")))
				if over && (!errors.Is(err, ErrOutOfStep) || r.Send.Present || r.Done) {
					t.Errorf("%s %s: %+v, %v after the end", m.Name, name, r, err)
				}
				over = over || err != nil || r.Done && !r.Open
			}
			if !over {
				t.Errorf("%s %s: no end", m.Name, name)
			}
		}
	}
}

// A server-first mechanism's client has nothing to say yet.
func TestNothingYet(t *testing.T) {
	for _, name := range []string{"CRAM-MD5", "LOGIN"} {
		client := mechanism(t, name).Client(credentials("", "tim", "secret"), ClientOptions{})
		for range 2 {
			if r, err := client.Next(testEnv(0, nil), Message{}); err != nil || r.Send.Present || r.Done {
				t.Errorf("%s: %+v, %v", name, r, err)
			}
		}
	}
}

func TestErrorIs(t *testing.T) {
	err := error(&Error{Refused, "AUTH-27", "unknown-user"})
	for _, c := range []struct {
		target Error
		want   bool
	}{
		{Error{Kind: Refused}, true},
		{Error{Kind: Refused, Reason: "unknown-user"}, true},
		{Error{Kind: Refused, Reason: "wrong-password"}, false},
		{Error{Kind: Local}, false},
	} {
		if errors.Is(err, &c.target) != c.want {
			t.Errorf("Is(%+v) = %v", c.target, !c.want)
		}
	}
	if errors.Is(err, errors.New("other")) || err.Error() != "sasl: refused: unknown-user" {
		t.Errorf("%v", err)
	}
}

// A server without random numbers fails, and gives no challenge.
func TestNoRandom(t *testing.T) {
	env := testEnv(0, nil)
	env.Rand = errReader{}
	server := mechanism(t, "CRAM-MD5").Server(newStore(t), ServerOptions{})
	if r, err := server.Next(env, Message{}); !errors.Is(err, errNoRandom) || r.Send.Present {
		t.Errorf("%+v, %v", r, err)
	}
	if _, err := server.Next(env, Message{}); !errors.Is(err, ErrOutOfStep) {
		t.Errorf("then %v", err)
	}
}

var errNoRandom = errors.New("no random numbers")

type errReader struct{}

func (errReader) Read([]byte) (int, error) { return 0, errNoRandom }

// BenchmarkCRAMMD5 is one exchange: challenge, response, check.
func BenchmarkCRAMMD5(b *testing.B) {
	m := tim(b)
	for _, recorded := range []bool{false, true} {
		name := map[bool]string{false: "plain", true: "recorded"}[recorded]
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			m := m
			m.server.CRAMMD5.Challenge = ""
			clientEnv, serverEnv := testEnv(0, nil), testEnv(0, nil)
			mech := mechanism(b, "CRAM-MD5")
			for b.Loop() {
				if recorded {
					clientEnv.Trace, serverEnv.Trace = trace.NewRecorder(trace.Client), trace.NewRecorder(trace.Server)
				}
				client, server := mech.Client(m.credentials, m.client), mech.Server(m.store, m.server)
				challenge, err := server.Next(serverEnv, Message{})
				if err != nil {
					b.Fatal(err)
				}
				response, err := client.Next(clientEnv, Send(clientEnv.Trace.Received("line", challenge.Send.Octets, true)))
				if err != nil {
					b.Fatal(err)
				}
				result, err := server.Next(serverEnv, Send(serverEnv.Trace.Received("line", response.Send.Octets, true)))
				if err != nil || !result.Done {
					b.Fatal(err)
				}
				clientEnv.Trace.Take()
				serverEnv.Trace.Take()
			}
		})
	}
}

// Names of old lists that nobody answers to, in any case.
func TestGone(t *testing.T) {
	if len(Gone) != 5 {
		t.Errorf("%q", Gone)
	}
	for _, name := range Gone {
		if m, found := Lookup(name); found {
			t.Errorf("%s is %+v", name, m)
		}
	}
}

// Facts are of the lists that the page words, and agree with what a mechanism
// does: a client that checks the server says by which rule.
func TestFacts(t *testing.T) {
	for _, m := range Mechanisms() {
		f := m.Facts
		if !listed(Vocabulary().Crossings, f.Crosses) || !listed(Vocabulary().Gains, f.Listener) || !listed(Vocabulary().Gains, f.Thief) || !listed(Vocabulary().Statuses, f.Status) || f.Source == "" {
			t.Errorf("%s: %+v", m.Name, f)
		}
		if f.Mutual != (m.Checks != "") || f.Mutual != (m.ChecksSection != "") || (f.Listener == GainsGuesses) != (len(m.Guess()) > 0) {
			t.Errorf("%s: %+v, checks %q, guess %q", m.Name, f, m.Checks, m.Guess())
		}
	}
}
