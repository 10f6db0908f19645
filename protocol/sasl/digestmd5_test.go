package sasl

import (
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"example.org/smtpauth/protocol/trace"
)

// Group digest-md5 with its steps: DIG-06, DIG-07, DIG-08, and with nc 2, a
// realm of nothing and a third part of the uri.
func TestDigestVectors(t *testing.T) {
	n := 0
	for _, v := range vectors(t, "digest-md5") {
		if v.Out.DigestValue == "" {
			continue
		}
		n++
		rec := trace.NewRecorder(trace.Client)
		env := testEnv(0, rec)
		qop, _ := v.In.QOP.(string)
		d := digest{nonce: trace.Constant(v.In.Nonce), count: trace.Constant(v.In.Count), cnonce: trace.Constant(v.In.CNonce),
			qop: trace.Constant(qop), uri: trace.Constant(v.In.URI), authzid: trace.Constant(v.In.Authzid), hasAuthzid: v.In.Authzid != ""}
		secret := digestSecret(env, trace.Constant(v.In.Username), trace.Constant(v.In.Realm), trace.Constant(v.In.Password))
		response := d.of(env, "response-value", "AUTHENTICATE", secret)
		steps := rec.Take()
		rspauth := d.of(env, "rspauth", "", secret)
		if response.String() != v.Out.DigestValue || rspauth.String() != v.Out.Rspauth {
			t.Errorf("%s: %s, %s, want %s, %s", v.ID, response, rspauth, v.Out.DigestValue, v.Out.Rspauth)
		}
		wantOut(t, v.ID, steps, map[string]string{"user-realm-password": v.Steps.URP, "user-realm-password-hash": v.Steps.URPHash,
			"A1": v.Steps.A1, "A1-hash": v.Steps.HA1, "A2": hex.EncodeToString([]byte(v.Steps.A2)), "A2-hash": v.Steps.HA2})
		wantOut(t, v.ID, rec.Take(), map[string]string{"A2": hex.EncodeToString([]byte(v.Steps.A2Srv)), "A2-hash": v.Steps.HA2Srv})
	}
	if n != 12 {
		t.Errorf("%d computations", n)
	}
}

// wantOut checks the Out, in hexadecimal, of steps by their labels.
func wantOut(t *testing.T, what string, steps []trace.Step, want map[string]string) {
	t.Helper()
	for label, digits := range want {
		if got := hex.EncodeToString(find(t, steps, label).Out.Octets); got != digits {
			t.Errorf("%s: %s is %s, want %s", what, label, got, digits)
		}
	}
}

// The same exchanges between both halves, with SMTP's service name: AUTH-44, DIG-01,
// DIG-04, DIG-05, DIG-09, DIG-13, DIG-16 (nc 2), AUTH-29. The message of the
// RFC's example has another service, and so another digest.
func TestDigestExchanges(t *testing.T) {
	n := 0
	for _, v := range vectors(t, "digest-md5") {
		host, smtp := strings.CutPrefix(v.In.URI, "smtp/")
		if v.Out.DigestValue == "" || !smtp || v.In.QOP != "auth" {
			continue
		}
		n++
		for _, stored := range []Stored{Clear, StoredDigest} {
			account := Account{Name: v.In.Username, Password: Secret{Text: v.In.Password}, Stored: stored, Realm: v.In.Realm, ActAs: []string{"postmaster"}}
			m := meeting{mechanism: "DIGEST-MD5", store: newStore(t, account), credentials: credentials(v.In.Authzid, v.In.Username, v.In.Password),
				client: ClientOptions{Host: host, Nonce: v.In.CNonce, Digest: DigestClient{Realm: v.In.Realm}},
				server: ServerOptions{Host: strings.Split(host, "/")[0], Nonce: v.In.Nonce, Digest: DigestServer{Realm: v.In.Realm, Again: true}}}
			if v.In.Count == secondCount {
				m.client.Digest.Again = v.In.Nonce
			}
			got := m.talk(t)
			if got.serverErr != nil || got.clientErr != nil || !got.result.Done || !got.clientResult.Checked {
				t.Fatalf("%s, %s: %q %v, %v", v.ID, stored, got.lines, got.serverErr, got.clientErr)
			}
			if want := []string{"S: rspauth=" + v.Out.Rspauth, "C: "}; !slices.Equal(got.lines[len(got.lines)-2:], want) ||
				!strings.Contains(got.lines[len(got.lines)-3], "response="+v.Out.DigestValue+",") {
				t.Errorf("%s: %q", v.ID, got.lines)
			}
			if v.In.Authzid != "" && got.result.Authzid != v.In.Authzid {
				t.Errorf("%s acts as %q", v.ID, got.result.Authzid)
			}
		}
	}
	if n != 8 {
		t.Errorf("%d exchanges", n)
	}
	for _, v := range vectors(t, "digest-md5") {
		if v.Out.ClientMessage == "" {
			continue
		}
		got := meeting{mechanism: "DIGEST-MD5", store: newStore(t, clearAccount(v.In.Username, v.In.Password)), credentials: credentials("", v.In.Username, v.In.Password),
			client: ClientOptions{Host: v.In.Realm, Nonce: v.In.CNonce}, server: ServerOptions{Host: v.In.Realm, Nonce: v.In.Nonce, Digest: DigestServer{Realm: v.In.Realm}}}.talk(t)
		message := strings.NewReplacer(`"imap/`, `"smtp/`, v.Out.DigestValue, "52ff44907f72314481b5c098c708ebf3").Replace(v.Out.ClientMessage)
		if want := []string{"S: " + v.In.Challenge, "C: " + message}; !slices.Equal(got.lines[:2], want) {
			t.Errorf("%s: %q, want %q", v.ID, got.lines, want)
		}
	}
}

// The reject rows, and more of DIG-03, DIG-11, DIG-12 and DIG-15.
func TestDigestServerRefuses(t *testing.T) {
	good := `username="chris",realm="x",nonce="n",cnonce="c",nc=00000001,digest-uri="smtp/h",response=00000000000000000000000000000000`
	tests := []struct{ message, rule string }{
		{good, "AUTH-27"},
		{strings.Replace(good, "smtp/h", "imap/h", 1), "DIG-12"}, {strings.Replace(good, "smtp/h", "smtp/other", 1), "DIG-12"},
		{strings.Replace(good, "smtp/h", "smtp/h/a/b", 1), "DIG-12"}, {strings.Replace(good, `realm="x",`, "", 1), "DIG-11"},
		{strings.Replace(good, `realm="x"`, `realm="y"`, 1), "DIG-11"}, {good + ",qop=auth-int", "DIG-11"}, {good + ",qop=auth-conf,cipher=rc4", "DIG-11"},
		{good + ",qop=auth,qop=auth", "DIG-11"}, {good + ",charset=latin-1", "DIG-11"}, {good + `,authzid="a",authzid="b"`, "DIG-11"},
		{strings.Replace(good, "nc=0", "nc=", 1), "DIG-11"}, {good[:len(good)-1], "DIG-11"}, {good + "A", "DIG-11"},
		{strings.Replace(good, `cnonce="c"`, `cnonce=""`, 1), "DIG-11"}, {strings.Replace(good, "chris", `\"`, 1), "AUTH-27"},
		{"=x", "DIG-03"}, {"a", "DIG-03"}, {"a=", "DIG-03"}, {`a="b`, "DIG-03"}, {`a="b\`, "DIG-03"}, {`a="b"c`, "DIG-03"}, {"", "DIG-11"},
		{good + ",x=" + strings.Repeat("y", digestResponseLimit), "DIG-03"}, {strings.Replace(good, `"chris"`, "\"\x07\"", 1), "SAS-03"},
	}
	for _, v := range vectors(t, "digest-md5") {
		if v.Expect == "reject" {
			rule := "DIG-11"
			if v.ID == "digest-md5-reject-18" {
				rule = "DIG-03"
			}
			tests = append(tests, struct{ message, rule string }{v.In.ClientMessage, rule})
		}
	}
	if len(tests) != 31 {
		t.Errorf("%d messages", len(tests))
	}
	for _, c := range tests {
		m := meeting{mechanism: "DIGEST-MD5", store: newStore(t, clearAccount("chris", "secret")), server: ServerOptions{Host: "h", Nonce: "n", Digest: DigestServer{Realm: "x"}}}
		err := m.answer(t, c.message)
		if fault, ok := err.(*Error); !ok || fault.Rule != c.rule || fault.Kind != Refused {
			t.Errorf("%q: %v (%+v), want %s", c.message, err, fault, c.rule)
		}
	}
}

// DIG-02, DIG-03, DIG-13, DIG-14, DIG-15: challenges that are broken, and odd
// ones that are not.
func TestDigestChallenges(t *testing.T) {
	const good = `nonce="n",qop="auth",algorithm=md5-sess,charset=utf-8`
	for _, c := range []struct{ challenge, rule, contains string }{
		{good, "", `charset=utf-8,username="chris",nonce="n"`},
		{`realm="a", , nonce="x\"y\\z", qop="auth,auth-int" ,algorithm=md5-sess,charset=utf-8,unknown=1`, "", `realm="a",nonce="x\"y\\z",`},
		{`realm="a",realm="b",realm="c",` + good, "", `realm="b",`},
		{`REALM="d",` + good, "", `realm="d",`},
		{`nonce="n",algorithm="md5-sess",charset="utf-8"`, "", "qop=auth"}, // DIG-01: some servers quote the tokens
		{`nonce="n",algorithm=md5-sess`, "", `username="chris",nonce="n"`}, // DIG-14
		{`nonce="n",qop="foo,auth",algorithm=md5-sess`, "", "qop=auth"},
		{`nonce="n",qop="auth-int,auth-conf",algorithm=md5-sess`, "DIG-15", ""},
		{`qop="auth",algorithm=md5-sess`, "DIG-02", ""}, {good + `,nonce="m"`, "DIG-02", ""}, {`nonce="n",qop="auth"`, "DIG-02", ""},
		{good + ",algorithm=md5-sess", "DIG-02", ""}, {good + ",stale=true,stale=true", "DIG-02", ""}, {good + ",maxbuf=1,maxbuf=1", "DIG-02", ""},
		{good + ",charset=utf-8", "DIG-02", ""}, {`nonce="n",algorithm=md5`, "DIG-02", ""}, {`nonce="",algorithm=md5-sess`, "DIG-02", ""},
		{good + ",x=" + strings.Repeat("y", digestChallengeLimit), "DIG-03", ""}, {`nonce="n`, "DIG-03", ""},
	} {
		client := mechanism(t, "DIGEST-MD5").Client(credentials("", "chris", "secret"), ClientOptions{Host: "h", Digest: DigestClient{Realm: "b"}})
		r, err := client.Next(testEnv(0, nil), Send(trace.Constant(c.challenge)))
		fault, _ := err.(*Error)
		if c.rule == "" && (err != nil || !strings.Contains(r.Send.String(), c.contains)) || c.rule != "" && (fault == nil || fault.Rule != c.rule || fault.Kind != Peer) {
			t.Errorf("%q: %q, %v, want %s %s", c.challenge, r.Send, err, c.rule, c.contains)
		}
	}
	for name, want := range map[string]string{"jürgen": "username=\"j\xfcrgen\"", "борис": ""} {
		client := mechanism(t, "DIGEST-MD5").Client(credentials("", name, "secret"), ClientOptions{})
		r, err := client.Next(testEnv(0, nil), Send(trace.Constant(`nonce="n",algorithm=md5-sess`)))
		if want != "" && (err != nil || !strings.HasPrefix(r.Send.String(), want)) {
			t.Errorf("%s: %q, %v", name, r.Send, err)
		} else if want == "" {
			wantFault(t, name, err, Error{Local, "DIG-14", "not-latin1"})
		}
	}
}

// DIG-07: a name in ISO 8859-1 on the wire is the same user's.
func TestDigestLatin1(t *testing.T) {
	m := meeting{mechanism: "DIGEST-MD5", store: newStore(t, clearAccount("jürgen", "pässwörd")), server: ServerOptions{Nonce: "n", Host: "h"}}
	client := mechanism(t, "DIGEST-MD5").Client(credentials("", "jürgen", "pässwörd"), ClientOptions{Host: "h"})
	r, err := client.Next(testEnv(0, nil), Send(trace.Constant(`nonce="n",algorithm=md5-sess`)))
	if err != nil {
		t.Fatal(err)
	}
	if err := m.answer(t, r.Send.String()); err != nil {
		t.Errorf("%q: %v", r.Send, err)
	}
}

// DIG-16: off, an initial response is unwanted (AUTH-16); on, the count is one
// higher, and the first one is refused.
func TestDigestAgain(t *testing.T) {
	m := meeting{mechanism: "DIGEST-MD5", store: newStore(t, clearAccount("tim", "secret")), credentials: credentials("", "tim", "secret"),
		client: ClientOptions{Digest: DigestClient{Again: "n"}}, server: ServerOptions{Nonce: "n"}}
	got := m.talk(t)
	wantFault(t, "off", got.serverErr, Error{Unwanted, "DIG-16", "initial-response"})
	m.server.Digest.Again = true
	if got := m.talk(t); !got.result.Done || len(got.lines) != 3 {
		t.Errorf("%q, %v", got.lines, got.serverErr)
	}
	message := m.talk(t).lines[0]
	server := mechanism(t, "DIGEST-MD5").Server(m.store, m.server)
	_, err := server.Next(testEnv(0, nil), Send(trace.Constant(strings.Replace(message[3:], secondCount, firstCount, 1))))
	wantFault(t, "nc again", err, Error{Refused, "DIG-11", "wrong-nonce"})
}

// DIG-10: a wrong or missing rspauth.
func TestDigestImpostor(t *testing.T) {
	for message, want := range map[string]Error{
		"rspauth=84106ee5cb85c426e7ef928db0e49bfb": {Impostor, "DIG-10", "wrong-signature"},
		"rspauth=": {Peer, "DIG-10", "malformed"}, "": {Peer, "DIG-10", "malformed"}, "rspauth=a,rspauth=b": {Peer, "DIG-10", "malformed"},
	} {
		client := mechanism(t, "DIGEST-MD5").Client(credentials("", "chris", "secret"), ClientOptions{})
		if _, err := client.Next(testEnv(0, nil), Send(trace.Constant(`nonce="n",algorithm=md5-sess`))); err != nil {
			t.Fatal(err)
		}
		_, err := client.Next(testEnv(0, nil), Send(trace.Constant(message)))
		wantFault(t, message, err, want)
	}
}

// DIG-05, and a store made for another realm (AUTH-31): names and realms may
// hold what the syntax is made of.
func TestDigestNames(t *testing.T) {
	for i, name := range []string{`ti"m`, `ti\m`, `a,b=c`, "Ali Baba", `"`, "борис"} {
		for _, stored := range []Stored{Clear, StoredDigest} {
			account := Account{Name: name, Password: Secret{Text: `p"\,`}, Stored: stored, Realm: name}
			m := meeting{mechanism: "DIGEST-MD5", store: newStore(t, account), credentials: credentials("", name, `p"\,`),
				server: ServerOptions{Digest: DigestServer{Realm: name}}, seed: byte(i)}
			if got := m.talk(t); got.result.Authcid != name || got.clientErr != nil {
				t.Errorf("%q: %q, %v, %v", name, got.lines, got.serverErr, got.clientErr)
			}
			if stored == StoredDigest {
				m.server.Digest.Realm = "another"
				wantFault(t, name, m.talk(t).serverErr, Error{Transition, "AUTH-31", "other-verifier"})
				m.mechanism = "PLAIN"
				if got := m.talk(t); !got.result.Done {
					t.Errorf("PLAIN: %v", got.serverErr)
				}
			}
		}
	}
}

// A change that anybody makes to a message is noticed by one of the two, where
// it changes what the message says.
func TestDigestTampered(t *testing.T) {
	m := meeting{mechanism: "DIGEST-MD5", store: newStore(t, clearAccount("tim", "secret")), credentials: credentials("", "tim", "secret"),
		client: ClientOptions{Host: "mx.example"}, server: ServerOptions{Host: "mx.example", Digest: DigestServer{Realm: "r"}}}
	says := func(message string) string {
		set, ok := digestSet(trace.Constant(message), digestResponseLimit)
		if !ok {
			return "nothing"
		}
		delete(set, "qop") // a missing one means auth
		delete(set, "charset")
		var said []string
		for _, name := range []string{"username", "realm", "nonce", "cnonce", "nc", "digest-uri", "response", "rspauth", "authzid"} {
			for _, d := range set[name] {
				said = append(said, fmt.Sprintf("%s=%q", name, d.octets()))
			}
		}
		return strings.ToLower(strings.Join(said, ",")) // the host in the uri is free of case
	}
	honest := m.talk(t)
	tampered(t, m, func(what string, n int, got talk) {
		changed := n >= len(got.lines) || says(got.lines[n][3:]) != says(honest.lines[n][3:]) || honest.lines[n] == "C: "
		if got.result.Done && got.clientResult.Done && changed {
			t.Errorf("message %d %s: nobody noticed: %q", n, what, got.lines)
		}
	})
}

// DIG-19, SAS-08: the nonce differs every time, and has 128 bits of randomness.
func TestDigestNonces(t *testing.T) {
	nonce := regexp.MustCompile(`nonce="([^"]*)"`)
	store, env, seen := newStore(t, clearAccount("tim", "secret")), testEnv(0, nil), map[string]bool{}
	for range 100 {
		r, err := mechanism(t, "DIGEST-MD5").Server(store, ServerOptions{Host: "h"}).Next(env, Message{})
		if err != nil {
			t.Fatal(err)
		}
		found := nonce.FindStringSubmatch(r.Send.String())
		if found == nil || len(found[1]) < 22 || seen[found[1]] { // base64 of 16 octets has 22 letters
			t.Fatalf("%q, after %d others", r.Send, len(seen))
		}
		seen[found[1]] = true
	}
}
