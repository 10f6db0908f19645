package sasl

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"

	"example.org/smtpauth/protocol/trace"
)

// tim is RFC 2195's user with RFC 2195's challenge.
func tim(t testing.TB) meeting {
	return meeting{mechanism: "CRAM-MD5", credentials: credentials("", "tim", "tanstaaftanstaaf"),
		store:  newStore(t, clearAccount("tim", "tanstaaftanstaaf")),
		server: ServerOptions{Host: "postoffice.reston.mci.net", CRAMMD5: CRAMMD5Server{Challenge: "<1896.697170952@postoffice.reston.mci.net>"}}}
}

// RFC 2195 §2.
func TestCRAMMD5Example(t *testing.T) {
	got := tim(t).talk(t)
	want := []string{"S: <1896.697170952@postoffice.reston.mci.net>", "C: tim b913a602c7eda7a495b4e6e7334d3890"}
	if !slices.Equal(got.lines, want) || got.serverErr != nil || got.result.Authcid != "tim" || got.result.Authzid != "tim" {
		t.Errorf("%q, %+v, %v, want %q", got.lines, got.result, got.serverErr, want)
	}
}

// The client's cards in the order a learner reads them.
func TestCRAMMD5Order(t *testing.T) {
	var order []string
	for _, s := range tim(t).talk(t).clientSteps {
		order = append(order, string(s.Op)+" "+s.Label)
	}
	want := []string{"received line", "unbase64 octets", "given password", "saslprep password-prepared",
		"hmac digest", "hex digest-hex", "given authcid", "saslprep authcid-prepared", "concat response",
		"base64 spelling", "sent line"}
	if !slices.Equal(order, want) {
		t.Errorf("%q, want %q", order, want)
	}
}

// CRM-01, SAS-08: a challenge has the shape of a message id, 128 random bits,
// and does not come twice.
func TestCRAMMD5Challenge(t *testing.T) {
	shape := regexp.MustCompile(`^<[0-9a-f]{32}\.697170952@mx\.example>$`)
	env, seen := testEnv(7, nil), map[string]bool{}
	for range 10000 {
		server := mechanism(t, "CRAM-MD5").Server(newStore(t), ServerOptions{Host: "mx.example"})
		r, err := server.Next(env, Message{})
		challenge := r.Send.String()
		if err != nil || !shape.MatchString(challenge) || seen[challenge] {
			t.Fatalf("challenge %q, %v, seen before: %v", challenge, err, seen[challenge])
		}
		seen[challenge] = true
	}
	m := tim(t)
	m.server.CRAMMD5.Challenge, m.seed = "", 7
	if a, b := m.talk(t), m.talk(t); !slices.Equal(a.lines, b.lines) || !a.result.Done {
		t.Errorf("the same seed gives %q and %q", a.lines, b.lines)
	}
}

// CRM-02: the challenge is opaque.
func TestCRAMMD5Opaque(t *testing.T) {
	for _, challenge := range []string{"", "no brackets", "<a b> c", "\xff\x00\r\n", strings.Repeat("x", 500)} {
		client := mechanism(t, "CRAM-MD5").Client(credentials("", "tim", "k"), ClientOptions{})
		r, err := client.Next(testEnv(0, nil), Send(trace.Constant(challenge)))
		digest := (*trace.Recorder)(nil).HMAC("", trace.MD5, trace.Constant("k"), trace.Constant(challenge))
		want := "tim " + (*trace.Recorder)(nil).Hex("", digest).String()
		if err != nil || !r.Done || r.Send.String() != want {
			t.Errorf("challenge %q: %q, %v, want %q", challenge, r.Send, err, want)
		}
	}
}

// CRM-03: passwords around the block length, hashed first when longer.
func TestCRAMMD5Keys(t *testing.T) {
	for _, n := range []int{1, 63, 64, 65, 200, 255} {
		m := tim(t)
		m.credentials.Password.Text = strings.Repeat("p", n)
		m.store = newStore(t, clearAccount("tim", m.credentials.Password.Text))
		got := m.talk(t)
		if got.serverErr != nil || !got.result.Done {
			t.Errorf("password of %d octets: %v", n, got.serverErr)
		}
		if sub := find(t, got.serverSteps, "digest").Sub; (sub[0].Label == "key-hash") != (n > 64) {
			t.Errorf("password of %d octets: the first step is %s", n, sub[0].Label)
		}
	}
}

// CRM-04, CRM-05: how a response is taken apart.
func TestCRAMMD5Response(t *testing.T) {
	m := tim(t)
	m.store = newStore(t, clearAccount("tim", "tanstaaftanstaaf"), clearAccount("t i m", "tanstaaftanstaaf"))
	const digest = "b913a602c7eda7a495b4e6e7334d3890"
	malformed, wrong := &Error{Refused, "CRM-05", "malformed"}, &Error{Refused, "AUTH-27", "wrong-password"}
	for _, c := range []struct {
		response string
		want     *Error
	}{
		{"tim " + digest, nil},
		{"t i m " + digest, nil},
		{"tim " + strings.Repeat("0", 32), wrong},
		{"tim  " + digest, &Error{Refused, "AUTH-27", "unknown-user"}}, // the name is "tim "
		{"", malformed},
		{" ", malformed},
		{"tim", malformed},
		{"tim ", malformed},
		{" " + digest, malformed},
		{digest, malformed},
		{"tim\t" + digest, malformed},
		{"tim " + digest + " ", malformed},
		{"tim " + digest[1:], malformed},
		{"tim " + digest + "0", malformed},
		{"tim " + strings.ToUpper(digest), malformed},
		{"tim " + digest[:31] + "g", malformed},
		{"\xff " + digest, &Error{Refused, "SAS-03", "not-prepared"}},
		{"\u00ad " + digest, &Error{Refused, "SAS-03", "empty"}},
	} {
		err := m.answer(t, c.response)
		if c.want != nil {
			wantFault(t, c.response, err, *c.want)
		} else if err != nil {
			t.Errorf("%q: %v", c.response, err)
		}
	}
}

// CRM-06, AUTH-16: no initial response, not even an empty one.
func TestCRAMMD5Initial(t *testing.T) {
	for _, initial := range []string{"tim", ""} {
		server := mechanism(t, "CRAM-MD5").Server(newStore(t), ServerOptions{})
		_, err := server.Next(testEnv(0, nil), Send(trace.Constant(initial)))
		wantFault(t, initial, err, Error{Unwanted, "CRM-06", "initial-response"})
	}
}

// CRM-07: both sides prepare; what cannot be prepared is not sent.
func TestCRAMMD5Prepared(t *testing.T) {
	m := tim(t)
	m.store = newStore(t, clearAccount("Al\u00aadd\u00adin\u00ae", "a\u00aa"))
	m.credentials = credentials("", "Al\u00aadd\u00adin\u00ae", "\u00aaa")
	got := m.talk(t)
	if got.serverErr != nil || got.result.Authcid != "Aladdin\u00ae" || !strings.HasPrefix(got.lines[1], "C: Aladdin\u00ae ") {
		t.Errorf("%q, %+v, %v", got.lines, got.result, got.serverErr)
	}
	for _, c := range []struct {
		credentials Credentials
		reason      string
	}{
		{credentials("", "", "a"), "empty"},
		{credentials("", "tim", ""), "empty"},
		{credentials("", "\u00ad", "a"), "empty"},
		{credentials("", "tim\x00", "a"), "not-prepared"},
		{credentials("", "tim", "\u06271"), "not-prepared"},
		{credentials("", "tim", "\xff"), "not-prepared"},
	} {
		client := mechanism(t, "CRAM-MD5").Client(c.credentials, ClientOptions{})
		_, err := client.Next(testEnv(0, nil), Message{})
		wantFault(t, c.reason, err, Error{Local, "CRM-07", c.reason})
	}
	client := mechanism(t, "CRAM-MD5").Client(Credentials{Authcid: "tim", Password: Secret{Withheld: true}}, ClientOptions{})
	_, err := client.Next(testEnv(0, nil), Message{})
	wantFault(t, "withheld", err, Error{Local, "", "withheld"})
}

// CRM-08, AUTH-31: from a hash of the password no digest can be computed; the
// server says so for such an account, and not for an unknown one.
func TestCRAMMD5Hashed(t *testing.T) {
	m := tim(t)
	m.store = newStore(t, hashedAccount("tim", "tanstaaftanstaaf"))
	wantFault(t, "hashed", m.talk(t).serverErr, Error{Transition, "AUTH-31", "no-clear-password"})
	m.credentials.Authcid = "nobody"
	wantFault(t, "unknown", m.talk(t).serverErr, Error{Refused, "AUTH-27", "unknown-user"})
	m.mechanism, m.credentials.Authcid = "PLAIN", "tim"
	if got := m.talk(t); got.serverErr != nil || !got.result.Done {
		t.Errorf("PLAIN: %v", got.serverErr)
	}
}

// CRM-10: a response to another challenge fails, and a challenge serves once.
func TestCRAMMD5Replay(t *testing.T) {
	m := tim(t)
	m.server.CRAMMD5.Challenge = ""
	response := strings.TrimPrefix(m.talk(t).lines[1], "C: ")
	if err := m.answer(t, response); err != nil {
		t.Errorf("the same random numbers: %v", err)
	}
	m.seed++
	wantFault(t, "replay", m.answer(t, response), Error{Refused, "AUTH-27", "wrong-password"})

	m = tim(t)
	server, env := mechanism(t, "CRAM-MD5").Server(m.store, m.server), testEnv(0, nil)
	for i, message := range []Message{{}, Send(trace.Constant("tim " + strings.Repeat("0", 32))), Send(trace.Constant("tim b913a602c7eda7a495b4e6e7334d3890"))} {
		_, err := server.Next(env, message)
		if i == 2 && !errors.Is(err, ErrOutOfStep) {
			t.Errorf("a second response to one challenge: %v, want ErrOutOfStep", err)
		}
	}
}

// CRM-09: who listens in clear text has challenge and digest, all that guessing
// takes, and never the password. Under TLS not even those.
func TestCRAMMD5Known(t *testing.T) {
	for _, under := range []bool{true, false} {
		m := tim(t)
		m.under = under
		got := m.talk(t)
		heard := trace.Client | trace.Server
		if !under {
			heard |= trace.Wire
		}
		for label, want := range map[string]trace.Party{
			"password": trace.Client, "inner-pad": trace.Client, "digest": heard, "response": heard, "authcid": trace.Client,
		} {
			if got := find(t, got.clientSteps, label).Known; got != want {
				t.Errorf("TLS %v, client: %s is known to %s, want %s", under, label, got, want)
			}
		}
		for label, want := range map[string]trace.Party{
			"stored-password": trace.Client | trace.Server | trace.Store, "sent-digest": heard,
			"challenge": heard, "digest": trace.Client | trace.Server, "digest-check": trace.Server,
		} {
			if got := find(t, got.serverSteps, label).Known; got != want {
				t.Errorf("TLS %v, server: %s is known to %s, want %s", under, label, got, want)
			}
		}
	}
}

// The response's ranges point at name and digest, the challenge's at its
// random number and the time.
func TestCRAMMD5Origins(t *testing.T) {
	m := tim(t)
	m.server.CRAMMD5.Challenge = ""
	got := m.talk(t)
	response := find(t, got.clientSteps, "response")
	name, digits := find(t, got.clientSteps, "authcid-prepared"), find(t, got.clientSteps, "digest-hex")
	want := []trace.Part{{Step: name.ID, Length: 3}, {Step: response.ID, Offset: 3, Length: 1}, {Step: digits.ID, Length: 32}}
	if !slices.Equal(response.Out.Parts, want) {
		t.Errorf("the response is from %v, want %v", response.Out.Parts, want)
	}
	challenge := find(t, got.serverSteps, "challenge")
	random, seconds := find(t, got.serverSteps, "random-hex"), find(t, got.serverSteps, "seconds")
	if parts := challenge.Out.Parts; len(parts) != 7 || parts[1].Step != random.ID || parts[3].Step != seconds.ID {
		t.Errorf("the challenge is from %v", parts)
	}
}
