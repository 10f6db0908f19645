package view

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/protocol/session"
	"example.org/smtpauth/protocol/trace"
)

// table is knowledge as one would write it down: the name, then client, server,
// store, listener; x has, g can guess, - has not, ? unseen; a star: new.
func table(k Knowledge) []string {
	signs := map[Holding]string{Has: "x", Guess: "g", HasNot: "-", Unseen: "?"}
	var rows []string
	for _, r := range k.Rows {
		row := strings.TrimPrefix(strings.TrimPrefix(string(r.Name), "label."), "ui.knows.row.")
		for _, c := range r.Cells {
			row += " " + signs[c.Holding]
			if c.New {
				row += "*"
			}
		}
		rows = append(rows, row)
	}
	return rows
}

func verdict(k Knowledge) string {
	var ids []string
	for _, w := range k.Verdict {
		ids = append(ids, strings.TrimPrefix(w.ID, "ui.knows."))
	}
	return strings.Join(ids, " ")
}

func hashed(s *session.Setup)    { s.Server.Accounts[0].Stored = sasl.Hashed }
func fresh(s *session.Setup)     { s.Server.Challenge = "" }
func withLogin(s *session.Setup) { scenario.SetMechanism(s, "LOGIN") }
func withPlain(s *session.Setup) { scenario.SetMechanism(s, "PLAIN") }

func intercept(s *session.Setup) { s.TLS.Middle = session.Middle{On: true, Trusted: true} }

func TestKnowledge(t *testing.T) {
	type changes []func(*session.Setup)
	tests := []struct {
		name    string
		id      string
		changes changes
		from    Vantage
		at      string // what is said in the frame, or its kind; empty: the last
		verdict string
		want    []string // "…": another test's
	}{
		{"before anything secret", "cram-md5", nil, Both, "EHLO", "none", nil},
		{"TLS is up", "cram-md5", nil, Both, "handshake", "keys", []string{"keys x* x* - -"}},
		{"CRAM-MD5 under TLS", "cram-md5", nil, Both, "", "unsaid store.clear", []string{
			"keys x x - -", "challenge x x - -", "password x x x -", "digest x x - -", "authcid x x x -", "response x x - -"}},
		{"CRAM-MD5 in clear, the challenge", "cram-md5", changes{inClear}, Both, "334", "none", []string{"challenge x* x* - x*"}},
		{"CRAM-MD5 in clear, a fresh challenge", "cram-md5", changes{inClear, fresh}, Both, "334", "none", []string{"challenge x* x* - x*"}},
		{"CRAM-MD5 in clear, the response", "cram-md5", changes{inClear}, Both, "dGlt", "guess store.clear", []string{
			"challenge x x - x", "password x* - x* g*", "digest x* x* - x*", "authcid x* x* x* x*", "response x* x* - x*"}},
		{"CRAM-MD5 in clear, the check", "cram-md5", changes{inClear}, Both, "check", "guess store.clear", []string{
			"challenge x x - x", "password x x* x g", "digest x x - x", "authcid x x x x", "response x x - x"}},
		{"CRAM-MD5 in clear, a wrong password", "wrong-password", changes{inClear}, Both, "", "guess", []string{
			"challenge x x - x", "password x - - g", "digest x x - x", "authcid x x x x", "response x x - x",
			"stored-password - x x -", "digest.server - x - -"}},
		{"CRAM-MD5, an unknown user", "unknown-user", nil, Both, "", "unsaid", []string{
			"keys x x - -", "challenge x x - -", "password x - - -", "digest x x - -", "authcid x x - -", "response x x - -", "digest.server - x - -"}},
		{"PLAIN under TLS, what is sent", "plain", nil, Both, "AHRp", "sealed store.hashed", []string{
			"keys x x - -", "authcid x* x* x* -", "password x* x* g* -", "message x* x* - -"}},
		{"PLAIN under TLS, the check", "plain", nil, Both, "check", "sealed store.hashed", []string{
			"keys x x - -", "authcid x x x -", "password x x g -", "message x x - -", "stored-salt - x* x* -", "stored-verifier - x* x* -"}},
		{"PLAIN in clear", "plain-initial", changes{inClear}, Both, "", "heard store.hashed", []string{
			"authcid x x x x", "password x x g x", "message x x - x", "stored-salt - x x -", "stored-verifier - x x -"}},
		{"LOGIN in clear, the name", "login-clear", nil, Both, "dGlt", "none", []string{"authcid x* x* x* x*"}},
		{"LOGIN in clear", "login-clear", nil, Both, "", "heard store.clear", []string{"authcid x x x x", "password x x x x"}},
		{"LOGIN under TLS", "cram-md5", changes{withLogin, hashed}, Both, "", "sealed store.hashed", []string{
			"keys x x - -", "authcid x x x -", "password x x g -", "stored-salt - x x -", "stored-verifier - x x -"}},
		{"SCRAM", "scram-sha-256", nil, Both, "", "unsaid store.keys", []string{
			"keys x x - -", "authcid x x x -", "response x x - -", "stored-salt x x x -", "iterations x x x -", "password x - g -",
			"AuthMessage x x - -", "StoredKey x x x -", "ClientProof x x - -", "response x x - -", "ServerKey x x x -"}},
		{"SCRAM, a wrong password", "scram-wrong-password", nil, Both, "", "unsaid", []string{
			"keys x x - -", "authcid x x x -", "response x x - -", "stored-salt x x x -", "iterations x x x -", "password x - - -",
			"AuthMessage x x - -", "StoredKey x - - -", "ClientProof x x - -", "response x x - -", "stored-StoredKey - x x -", "ServerKey - x x -"}},
		{"DIGEST-MD5", "digest-md5", nil, Both, "", "unsaid store.equivalent", []string{
			"keys x x - -", "authcid x x x -", "password x - g -", "secret x x x -", "digest-response x x - -"}},
		{"NTLM", "ntlm", nil, Both, "", "unsaid store.equivalent", []string{
			"keys x x - -", "response x x - -", "CHALLENGE_MESSAGE x x - -", "authcid x x x -", "password x - g -", "NTOWFv1 x x x -",
			"AUTHENTICATE_MESSAGE x x - -"}},
		{"NTLM, the client's side", "ntlm", nil, OfClient, "", "unsaid", []string{
			"keys x x ? -", "CHALLENGE_MESSAGE x x ? -", "authcid x - ? -", "password x - ? -", "NTOWFv1 x - ? -", "AUTHENTICATE_MESSAGE x x ? -"}},
		{"SCRAM, the server's side", "scram-sha-256", nil, OfServer, "", "keys", []string{
			"keys x x - -", "response x x - -", "authcid x x x -", "stored-salt x x x -", "iterations x x x -", "response x x - -",
			"ClientProof x x - -", "StoredKey - x x -", "ServerKey - x x -", "AuthMessage x x - -"}},
		{"SCRAM in clear, before the proof", "scram-sha-256", changes{inClear}, Both, "334 cj1y", "none", []string{
			"authcid x x x x", "response x* x* - x*", "stored-salt x* x* x* x*", "iterations x* x* x* x*"}},
		{"SCRAM in clear, the proof", "scram-sha-256", changes{inClear}, Both, "Yz1i", "guess store.keys", []string{
			"authcid x x x x", "response x x - x", "stored-salt x x x x", "iterations x x x x", "password x* - g* g*",
			"AuthMessage x* x* - x*", "StoredKey x* - - -", "ClientProof x* x* - x*"}},
		{"DIGEST-MD5 in clear", "digest-md5", changes{inClear}, Both, "", "guess store.equivalent", []string{
			"authcid x x x x", "password x - g g", "secret x x x -", "digest-response x x - x"}},
		{"NTLM in clear", "ntlm", changes{inClear}, Both, "", "guess store.equivalent", []string{
			"response x x - x", "CHALLENGE_MESSAGE x x - x", "authcid x x x x", "password x - g g", "NTOWFv1 x x x -", "AUTHENTICATE_MESSAGE x x - x"}},
		{"a token", "oauthbearer", nil, Both, "", "sealed.token", []string{"keys x x - -", "token x x - -", "token-message x x - -", "authcid x x x -"}},

		{"in the middle, TLS is up", "scram-middle", nil, Both, "handshake", "keys.middle", []string{"keys x* x* - - x*"}},
		{"in the middle of SCRAM", "scram-middle", nil, Both, "", "unsaid middle.guess store.keys", []string{
			"keys x x - - x", "authcid x x x - x", "response x x - - x", "stored-salt x x x - x", "iterations x x x - x", "password x - g - g",
			"AuthMessage x x - - x", "StoredKey x x x - -", "ClientProof x x - - x", "response x x - - x", "ServerKey x x x - -"}},
		{"in the middle of PLAIN", "scram-middle", changes{withPlain}, Both, "", "sealed middle.password store.keys", []string{"…"}},
		{"in the middle of a token", "oauthbearer", changes{intercept}, Both, "", "sealed.token middle.token", []string{"…"}},
		{"in the middle of SRP", "srp", changes{intercept}, Both, "", "unsaid middle.lines store.hashed", []string{"…"}},
		{"in the middle, the client's side", "scram-middle", nil, OfClient, "", "unsaid", []string{
			"keys x x ? -", "authcid x x ? -", "salt x x ? -", "iterations x x ? -", "password x - ? -", "AuthMessage x x ? -",
			"StoredKey x - ? -", "ClientProof x x ? -", "ServerKey x - ? -"}},
		{"in the middle, the server's side", "scram-middle", nil, OfServer, "", "keys", []string{"…"}},
		{"in the middle, a listener", "scram-middle", nil, Listener, "", "unsaid middle.guess", []string{"…"}},
		{"in the middle, not trusted", "scram-middle", changes{func(s *session.Setup) { s.TLS.Middle.Trusted = false }}, Both, "", "none", nil},
		{"nothing is heard after a refusal", "auth-before-tls", nil, Both, "", "none", nil},
		{"STARTTLS stripped", "stripped", nil, Both, "", "heard store.hashed", []string{
			"authcid x x x x", "password x x g x", "message x x - x"}},

		{"the client's side", "cram-md5", nil, OfClient, "", "unsaid", []string{
			"keys x x ? -", "challenge x x ? -", "password x - ? -", "digest x x ? -", "authcid x x ? -", "response x x ? -"}},
		{"the server's side", "cram-md5", nil, OfServer, "", "unsaid store.clear", []string{
			"keys x x - -", "challenge x x - -", "response x x - -", "authcid x x x -", "digest x x - -", "stored-password x x x -"}},
		{"the server's side of LOGIN", "login-clear", nil, OfServer, "", "heard store.clear", []string{"authcid x x x x", "password x x x x"}},
		{"a listener, under TLS", "cram-md5", nil, Listener, "", "unsaid", []string{"keys x x ? -", "password x x ? -"}},
		{"a listener, in clear", "cram-md5", changes{inClear}, Listener, "", "guess", []string{
			"challenge x x ? x", "password x x ? g", "digest x x ? x", "authcid x x ? x", "response x x ? x"}},
		{"a listener, PLAIN in clear", "cram-md5", changes{withPlain, inClear}, Listener, "", "heard", []string{
			"authcid x x ? x", "password x x ? x", "message x x ? x"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			frames, setup := ranFrames(t, tt.id, tt.changes...)
			at := slices.IndexFunc(frames, func(f session.Frame) bool {
				return tt.at != "" && (string(f.Kind) == tt.at || strings.HasPrefix(string(f.Octets), tt.at))
			})
			if tt.at == "" {
				at = len(frames) - 1
			}
			if at < 0 {
				t.Fatalf("no frame %s", tt.at)
			}
			k := Tell(frames).From(tt.from).Knows(at, tt.from, setup.Server.Accounts)
			if got, want := strings.Join(table(k), "\n"), strings.Join(tt.want, "\n"); got != want && want != "…" {
				t.Errorf("after %s:\n%s\nwant\n%s", frames[at].Octets, got, want)
			}
			if got := verdict(k); got != tt.verdict {
				t.Errorf("verdict %s, want %s", got, tt.verdict)
			}
		})
	}
}

// Two values of one name are told apart.
func TestKnowledgeNumbers(t *testing.T) {
	frames, setup := ranFrames(t, "scram-sha-256")
	var responses []int
	for _, r := range Tell(frames).Knows(len(frames)-1, Both, setup.Server.Accounts).Rows {
		if r.Name == "label.response" {
			responses = append(responses, r.Nth)
		}
	}
	if !slices.Equal(responses, []int{1, 2}) {
		t.Errorf("responses %v, want 1 and 2", responses)
	}
}

// What a client or a listener can be told does not depend on what only the
// server knows.
func TestKnowledgeKeepsTheServersSecret(t *testing.T) {
	user, a := ranFrames(t, "cram-md5", inClear, func(s *session.Setup) { s.Server.Accounts[0].Name = "tom" })
	password, b := ranFrames(t, "cram-md5", inClear, func(s *session.Setup) { s.Server.Accounts[0].Password.Text = "other" })
	for _, from := range Vantages {
		last := len(user) - 1
		one := fmt.Sprint(table(Tell(user).From(from).Knows(last, from, a.Server.Accounts)))
		other := fmt.Sprint(table(Tell(password).From(from).Knows(last, from, b.Server.Accounts)))
		if apart, want := one != other, from == Both || from == OfServer; apart != want {
			t.Errorf("%s: unknown user\n%s\nwrong password\n%s", from, one, other)
		}
	}
}

// Knowledge grows: nobody forgets within a session, and each thing that is had
// was marked as new once.
func TestKnowledgeGrows(t *testing.T) {
	for _, sc := range scenario.All {
		frames, setup := ranFrames(t, sc.ID)
		s := Tell(frames)
		had, marked := map[string]Holding{}, map[string]bool{}
		rank := map[Holding]int{HasNot: 0, Guess: 1, Has: 2}
		for at := range frames {
			count := map[string]int{} // of rows by name: a mechanism may have several responses
			for _, row := range s.Knows(at, Both, setup.Server.Accounts).Rows {
				name := fmt.Sprint(row.Name)
				count[name]++
				for i, c := range row.Cells {
					key := fmt.Sprint(name, count[name], i)
					if rank[c.Holding] < rank[had[key]] {
						t.Errorf("%s, frame %d: %s goes from %s to %s", sc.ID, at, key, had[key], c.Holding)
					}
					if c.New != (c.Holding != HasNot && c.Holding != had[key]) {
						t.Errorf("%s, frame %d: %s is %s after %q, new: %v", sc.ID, at, key, c.Holding, had[key], c.New)
					}
					had[key] = c.Holding
					marked[key] = marked[key] || c.New
				}
			}
		}
		for key, h := range had {
			if h != HasNot && !marked[key] {
				t.Errorf("%s: %s was never new", sc.ID, key)
			}
		}
	}
}

func TestListens(t *testing.T) {
	for _, tt := range []struct {
		id      string
		changes []func(*session.Setup)
		want    Holding
	}{
		{"login-clear", nil, Has},
		{"stripped", nil, Has},
		{"cram-md5", []func(*session.Setup){inClear}, Guess},
		{"wrong-password", []func(*session.Setup){inClear}, Guess},
		{"cram-md5", nil, HasNot},
		{"plain-initial", nil, HasNot},
		{"cancelled", []func(*session.Setup){inClear}, HasNot},
	} {
		frames, _ := ranFrames(t, tt.id, tt.changes...)
		if got := Tell(frames).Listens(len(frames) - 1); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.id, got, tt.want)
		}
	}
}

// Whatever label a mechanism says that passwords are tried on, the views know:
// it has a row as soon as it is recorded, and counts for who can guess.
func TestLabelsOfGuesses(t *testing.T) {
	for _, mech := range sasl.Mechanisms() {
		for _, label := range mech.Guess() {
			if _, worth := familyOf(label); !worth {
				t.Errorf("%s: the views do not know %q", mech.Name, label)
			}
		}
		if len(mech.Guess()) == 0 || !mech.Possible(sasl.Channel{}) {
			continue
		}
		frames, setup := withMechanism(t, mech.Name, inClear)
		s, last := Tell(frames), len(frames)-1
		m := s.gather(last, Both, setup.Server.Accounts)
		if !m.can(trace.Wire) {
			t.Errorf("%s: a listener cannot guess; of %q were heard %v", mech.Name, mech.Guess(), m.heard)
		}
		for _, label := range mech.Guess() {
			if !slices.ContainsFunc(m.values, func(v *value) bool { return slices.Contains(v.labels, label) }) {
				t.Errorf("%s: no row for %q", mech.Name, label)
			}
			delete(m.heard, label)
			if m.can(trace.Wire) {
				t.Errorf("%s: a listener can guess without %q", mech.Name, label)
			}
			m.heard[label] = trace.Everybody
		}
	}
}
