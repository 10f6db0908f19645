package sasl

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"example.org/smtpauth/protocol/sasl/issuer"
	"example.org/smtpauth/protocol/trace"
)

const (
	testIssuer   = "https://login.example"
	testAudience = "mx.example"
	testScope    = "smtp"
)

func issuerKey(t testing.TB, seed string) ed25519.PrivateKey {
	t.Helper()
	key, err := issuer.NewKey([]byte(seed))
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// token makes a token for tim that is good but for the claims that are set.
func token(t testing.TB, c issuer.Claims) string {
	t.Helper()
	good := issuer.Claims{Issuer: testIssuer, Subject: "tim", Audience: testAudience, Scope: "imap " + testScope, Expires: testEnv(0, nil).Now().Unix() + 60}
	for _, f := range []struct{ to, from *string }{{&good.Issuer, &c.Issuer}, {&good.Subject, &c.Subject}, {&good.Audience, &c.Audience}, {&good.Scope, &c.Scope}} {
		if *f.from != "" {
			*f.to = *f.from
		}
	}
	if c.Expires != 0 {
		good.Expires = c.Expires
	}
	text, err := issuer.Sign(issuerKey(t, "seed"), good)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func tokenRules(t testing.TB) ServerOptions {
	public := issuerKey(t, "seed").Public().(ed25519.PublicKey)
	return ServerOptions{Host: "mx.example", OAuth: OAuthServer{Port: 587, Tokens: TokenRules{Key: public, Issuer: testIssuer, Audience: testAudience, Scope: testScope}}}
}

func tokenMeeting(t testing.TB, name string, store *Store, c issuer.Claims, authzid string) meeting {
	user := credentials(authzid, "tim", "")
	user.Token.Text = token(t, c)
	return meeting{mechanism: name, store: store, credentials: user, server: tokenRules(t), client: ClientOptions{Host: "mx.example", OAuth: OAuthClient{Port: 587}}}
}

// Group oauth: XOA-01, OAB-01, OAB-02; the error of either, XOA-03, OAB-04; the
// reject rows, OAB-05.
func TestOAuthVectors(t *testing.T) {
	n := 0
	for _, v := range vectors(t, "oauth") {
		n++
		switch {
		case v.In.Token != "":
			user := Credentials{Authcid: v.In.User, Authzid: v.In.Authzid, Token: Secret{Text: v.In.Token}}
			r, err := mechanism(t, v.Mechanism).Client(user, ClientOptions{Host: v.In.Host, OAuth: OAuthClient{Port: v.In.Port}}).Next(testEnv(0, nil), Message{})
			if err != nil || r.Send.String() != fromHex(t, v.Out.MessageHex) || !r.Done || !r.Open {
				t.Errorf("%s: %q, %v, want %q", v.ID, r.Send, err, fromHex(t, v.Out.MessageHex))
			}
		case v.Out.JSON != "":
			client := mechanism(t, v.Mechanism).Client(Credentials{Authcid: "u", Token: Secret{Text: "t"}}, ClientOptions{})
			if _, err := client.Next(testEnv(0, nil), Message{}); err != nil {
				t.Fatal(err)
			}
			challenge := fromBase64(t, v.In.Challenge64)
			r, err := client.Next(testEnv(0, nil), Send(trace.Constant(challenge)))
			if challenge != v.Out.JSON || err != nil || r.Done || !r.Send.Present || r.Send.String() != fromBase64(t, v.Out.Reply) {
				t.Errorf("%s: %+v, %v", v.ID, r, err)
			}
		case v.Expect == "reject":
			server := mechanism(t, v.Mechanism).Server(newStore(t), tokenRules(t))
			_, err := server.Next(testEnv(0, nil), Send(trace.Constant(fromHex(t, v.In.MessageHex))))
			wantFault(t, v.ID, err, Error{Refused, "OAB-05", "malformed"})
		default:
			t.Errorf("%s: nothing to test", v.ID)
		}
	}
	if n < 15 {
		t.Errorf("%d rows", n)
	}
}

// XOA-02, OAB-03, OAB-08: what is wrong with a token, and what is said of it.
func TestTokens(t *testing.T) {
	account := clearAccount("tim", "secret")
	account.ActAs = []string{"office"}
	store := newStore(t, account, Account{Name: "ann", Password: Secret{Withheld: true}, Stored: Clear})
	now := testEnv(0, nil).Now().Unix()
	good := token(t, issuer.Claims{})
	parts := strings.Split(good, ".")
	none := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none"}`)) + "." + parts[1] + "."
	foreign, err := issuer.Sign(issuerKey(t, "other seed"), issuer.Claims{Issuer: testIssuer, Subject: "tim", Audience: testAudience, Scope: testScope, Expires: now + 60})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		what, token, authzid, reason, as string
	}{
		{"good", good, "", "", "tim"},
		{"for another identity", good, "office", "", "office"},
		{"without a password stored", token(t, issuer.Claims{Subject: "ann"}), "", "", "ann"},
		{"expired", token(t, issuer.Claims{Expires: now}), "", "expired", ""},
		{"one second left", token(t, issuer.Claims{Expires: now + 1}), "", "", "tim"},
		{"of another issuer", token(t, issuer.Claims{Issuer: "https://evil.example"}), "", "wrong-issuer", ""},
		{"for another server", token(t, issuer.Claims{Audience: "imap.example"}), "", "wrong-audience", ""},
		{"for something else", token(t, issuer.Claims{Scope: "smtps imap"}), "", "wrong-scope", ""},
		{"of nobody here", token(t, issuer.Claims{Subject: "tom"}), "", "unknown-user", ""},
		{"of a name that is none", token(t, issuer.Claims{Subject: "\x07"}), "", "wrong-user", ""},
		{"not for that identity", good, "boss", "wrong-user", ""},
		{"signed by somebody else", foreign, "", "bad-signature", ""},
		{"with other claims", parts[0] + "." + strings.Split(token(t, issuer.Claims{Subject: "ann"}), ".")[1] + "." + parts[2], "", "bad-signature", ""},
		{"unsigned", none, "", "malformed-token", ""},
		{"of two parts", parts[0] + "." + parts[1], "", "malformed-token", ""},
		{"of four parts", good + ".x", "", "malformed-token", ""},
		{"no base64", "a/." + parts[1] + "." + parts[2], "", "malformed-token", ""},
	} {
		m := tokenMeeting(t, "OAUTHBEARER", store, issuer.Claims{}, c.authzid)
		m.credentials.Token.Text = c.token
		got := m.talk(t)
		if c.reason == "" {
			if got.serverErr != nil || got.result.Authzid != c.as || !got.result.Checked {
				t.Errorf("%s: %+v, %v", c.what, got.result, got.serverErr)
			}
			continue
		}
		rule := "OAB-03"
		if c.reason == "wrong-user" {
			rule = "OAB-08"
		}
		wantFault(t, c.what, got.serverErr, Error{Refused, rule, c.reason})
		status := map[bool]string{true: "insufficient_scope", false: "invalid_token"}[c.reason == "wrong-scope"]
		if len(got.lines) != 3 || got.lines[2] != "C: \x01" {
			t.Fatalf("%s: %q", c.what, got.lines)
		}
		var said map[string]string
		if err := json.Unmarshal([]byte(got.lines[1][3:]), &said); err != nil || said["status"] != status || said["scope"] != testScope {
			t.Errorf("%s: %q, %v", c.what, got.lines[1], err)
		}
	}
}

// OAB-08: a token that the server knows is taken as it stands, without a look
// inside, and counts for its own user alone.
func TestKnownTokens(t *testing.T) {
	account := clearAccount("tim", "secret")
	account.ActAs = []string{"office"}
	store := newStore(t, account, clearAccount("ann", "secret"))
	for _, name := range []string{"OAUTHBEARER", "XOAUTH2"} {
		for _, c := range []struct{ token, user, reason string }{
			{"opaque-1", "tim", ""}, {"opaque-1", "office", ""}, {"opaque-1", "ann", "wrong-user"}, {"opaque-2", "tim", "malformed-token"},
		} {
			m := tokenMeeting(t, name, store, issuer.Claims{}, "")
			m.credentials = Credentials{Authcid: c.user, Authzid: c.user, Token: Secret{Text: c.token}} // XOAUTH2 says the first, OAUTHBEARER the second
			m.server.OAuth.Tokens = TokenRules{Known: map[[sha256.Size]byte]string{sha256.Sum256([]byte("opaque-1")): "tim"}}
			got := m.talk(t)
			if c.reason == "" {
				if got.serverErr != nil || got.result.Authcid != "tim" || got.result.Authzid != c.user {
					t.Errorf("%s, %+v: %+v, %v", name, c, got.result, got.serverErr)
				}
			} else if e := (*Error)(nil); !errors.As(got.serverErr, &e) || e.Reason != c.reason {
				t.Errorf("%s, %+v: %v", name, c, got.serverErr)
			}
		}
	}
}

// XOA-01, XOA-02, XOA-03: the other way round, the user is named beside the
// token and has to be its own.
func TestXOAUTH2(t *testing.T) {
	store := newStore(t, clearAccount("tim", "secret"), clearAccount("ann", "secret"))
	got := tokenMeeting(t, "XOAUTH2", store, issuer.Claims{}, "").talk(t)
	if !got.result.Done || got.result.Authcid != "tim" {
		t.Errorf("%+v, %v", got.result, got.serverErr)
	}
	for _, c := range []struct{ claims, reason, status string }{{"scope", "wrong-scope", "403"}, {"sub", "wrong-user", "401"}} {
		claims := issuer.Claims{Scope: "other"}
		if c.claims == "sub" {
			claims = issuer.Claims{Subject: "ann"}
		}
		got := tokenMeeting(t, "XOAUTH2", store, claims, "").talk(t)
		wantFault(t, c.claims, got.serverErr, Error{Refused, "XOA-02", c.reason})
		if want := []string{`S: {"status":"` + c.status + `","schemes":"bearer","scope":"smtp"}`, "C: "}; !slices.Equal(got.lines[1:], want) {
			t.Errorf("%q, want %q", got.lines[1:], want)
		}
	}
	for _, message := range []string{"", "user=tim", "user=tim\x01auth=Bearer t\x01", "user=tim\x01auth=Basic t\x01\x01", "user=\x01auth=Bearer t\x01\x01",
		"usr=tim\x01auth=Bearer t\x01\x01", "user=tim\x01auth=Bearer t\x01auth=Bearer t\x01\x01", "user=tim\x01host=h\x01auth=Bearer t\x01\x01", "user=tim\x01\x01\x01"} { // XOA-04
		_, err := mechanism(t, "XOAUTH2").Server(store, tokenRules(t)).Next(testEnv(0, nil), Send(trace.Constant(message)))
		wantFault(t, message, err, Error{Refused, "XOA-04", "malformed"})
	}
}

// OAB-07: the steps tell whether host and port, where they are given, are this
// server's; what is not is refused where the policy says so, in the words of
// OAB-03. OAB-06: no TLS, no token.
func TestOAuthHostAndTLS(t *testing.T) {
	store := newStore(t, clearAccount("tim", "secret"))
	for _, c := range []struct {
		keys   string
		checks map[string]bool
	}{
		{"", map[string]bool{}}, {"foo=bar\x01", map[string]bool{}},
		{"host=MX.example\x01port=587\x01", map[string]bool{"host-check": true, "port-check": true}},
		{"host=mx.example\x01", map[string]bool{"host-check": true}}, {"port=587\x01", map[string]bool{"port-check": true}},
		{"host=imap.example\x01", map[string]bool{"host-check": false}}, {"port=25\x01", map[string]bool{"port-check": false}},
		{"port=2525\x01host=mx.example\x01", map[string]bool{"host-check": true, "port-check": false}},
		{"host=imap.example\x01port=587\x01", map[string]bool{"host-check": false, "port-check": true}},
	} {
		for _, compared := range []bool{false, true} {
			rec, o := trace.NewRecorder(trace.Server), tokenRules(t)
			o.OAuth.Tokens.Endpoint = compared
			server := mechanism(t, "OAUTHBEARER").Server(store, o)
			r, err := server.Next(testEnv(0, rec), Send(rec.Received("response", []byte("n,,\x01"+c.keys+"auth=bearer "+token(t, issuer.Claims{})+"\x01\x01"), false)))
			steps := rec.Take()
			if err := trace.Check(steps); err != nil {
				t.Errorf("%q: %v", c.keys, err)
			}
			right := true
			found := comparisons(steps)
			for label, holds := range c.checks {
				right = right && holds
				if got, there := found[label]; !there || got != holds {
					t.Errorf("%q: %s holds: %v, there: %v", c.keys, label, got, there)
				}
			}
			if right || !compared {
				if err != nil || !r.Done {
					t.Errorf("%q, compared %v: %+v, %v", c.keys, compared, r, err)
				}
				continue
			}
			if said := r.Send.String(); err != nil || !strings.HasPrefix(said, `{"status":"invalid_request",`) {
				t.Errorf("%q: says %q, %v", c.keys, said, err)
			}
			_, err = server.Next(testEnv(0, rec), Send(trace.Constant("\x01")))
			wantFault(t, c.keys, err, Error{Refused, "OAB-07", "wrong-host"})
		}
	}
	for _, name := range []string{"OAUTHBEARER", "XOAUTH2"} {
		if m := mechanism(t, name); m.Possible(Channel{}) || !m.Possible(Channel{TLS: true}) || !m.Clear {
			t.Errorf("%s without TLS", name)
		}
	}
}

// A client without a token that can be sent says nothing.
func TestOAuthClientRefuses(t *testing.T) {
	for _, name := range []string{"OAUTHBEARER", "XOAUTH2"} {
		for text, want := range map[string]string{"": "malformed-token", "a b": "malformed-token", "a\x01": "malformed-token", "=": "malformed-token", "é": "malformed-token"} {
			m := mechanism(t, name)
			_, err := m.Client(Credentials{Authcid: "tim", Token: Secret{Text: text}}, ClientOptions{}).Next(testEnv(0, nil), Message{})
			wantFault(t, text, err, Error{Local, m.Rule, want})
		}
		_, err := mechanism(t, name).Client(Credentials{Authcid: "tim", Token: Secret{Withheld: true}}, ClientOptions{}).Next(testEnv(0, nil), Message{})
		wantFault(t, name, err, Error{Local, "", "withheld"})
	}
}

// Claims keep their place in the token; what JSON escapes has none.
func TestFieldsOf(t *testing.T) {
	for text, want := range map[string]string{
		`{"sub":"tim","exp":12}`: "tim", ` { "sub" : "t\u0069m" } `: "tim", `{"sub":"tim","sub":"ann"}`: "", `{"sub":["tim"]}`: "",
		`{"sub":null}`: "", `[]`: "", `{"sub"`: "", `{`: "", ``: "", `{"x":1,"sub":"é\"\\"}`: `é"\`,
	} {
		rec := trace.NewRecorder(trace.Server)
		env := testEnv(0, rec)
		fields, ok := fieldsOf(env, rec.Given("token-claims", []byte(text), 0))
		if ok != (want != "") || ok && fields["sub"].String() != want {
			t.Errorf("%s: %q, %v", text, fields, ok)
		}
		if err := trace.Check(rec.Take()); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// Whoever changes the message changes the token, or what is asked for: nobody
// gets in as somebody else.
func TestOAuthTampered(t *testing.T) {
	for _, name := range []string{"OAUTHBEARER", "XOAUTH2"} {
		m := tokenMeeting(t, name, newStore(t, clearAccount("tim", "secret"), clearAccount("Tim", "x")), issuer.Claims{}, "")
		tampered(t, m, func(what string, n int, got talk) {
			if got.result.Done && got.result.Authcid != "tim" {
				t.Errorf("%s %s: %+v", name, what, got.result)
			}
			if got.result.Done && !strings.Contains(got.lines[0], m.credentials.Token.Text) {
				t.Errorf("%s %s: in without the token: %q", name, what, got.lines)
			}
		})
	}
}
