package sasl

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"io"
	"strings"
	"testing"
	"time"

	"example.org/smtpauth/protocol/held"
	"example.org/smtpauth/protocol/sasl/kerberos"
	"example.org/smtpauth/protocol/trace"
)

//go:embed kerberos/testdata/gssapi.json
var gssapiFile []byte

// A gssapiVector is one row of it. All octets are hexadecimal.
type gssapiVector struct {
	ID string `json:"id"`
	In struct {
		Unwrapped   string `json:"unwrapped_hex"`
		Authzid     string `json:"authzid_utf8"`
		Password    string `json:"user_password_utf8"`
		ServicePass string `json:"service_password_utf8"`
		Realm       string `json:"realm"`
		User        string `json:"user"`
	} `json:"in"`
	Out struct {
		None       bool   `json:"none"`
		BeforeWrap string `json:"before_wrap_hex"`
		Messages   []struct {
			Hex string `json:"hex"`
		} `json:"messages"`
	} `json:"out"`
	Steps struct {
		ClientKey  string  `json:"client_long_term_key_hex"`
		ServiceKey string  `json:"service_key_hex"`
		SessionKey string  `json:"ticket_session_key_hex"`
		Subkey     string  `json:"acceptor_subkey_hex"`
		Ticket     string  `json:"ticket_plaintext_hex"`
		Time       string  `json:"authenticator_ctime"`
		Checksum   string  `json:"authenticator_checksum_hex"`
		Server     wrapped `json:"server_wrap"`
		Client     wrapped `json:"client_wrap"`
	} `json:"steps"`
}

type wrapped struct {
	Seq       uint32 `json:"seq"`
	Plaintext string `json:"plaintext_hex"`
	Checksum  string `json:"checksum_hex"`
}

func gssapiVectors(t testing.TB) []gssapiVector {
	t.Helper()
	var groups map[string][]gssapiVector
	if err := json.Unmarshal(gssapiFile, &groups); err != nil {
		t.Fatal(err)
	}
	if n := len(groups["gssapi"]); n != 10 {
		t.Fatalf("%d vectors", n)
	}
	return groups["gssapi"]
}

func gssMeeting(store *Store, authzid string) meeting {
	return meeting{mechanism: "GSSAPI", store: store, credentials: credentials(authzid, "tim", fuzzPassword),
		client: ClientOptions{Host: testHost}, server: ServerOptions{Host: testHost, GSSAPI: GSSAPIServer{Keytab: testKeytab}}}
}

func gssStore(t testing.TB) *Store {
	tim := hashedAccount("tim", "a password that only the other mechanisms ask for")
	tim.ActAs = []string{"office"}
	return newStore(t, tim)
}

// GSS-01, GSS-02, GSS-03, GSS-04, GSS-05: a whole exchange, message by message.
func TestGSSAPI(t *testing.T) {
	for _, c := range []struct{ authzid, as string }{{"", "tim"}, {"tim", "tim"}, {"office", "office"}} {
		m := gssMeeting(gssStore(t), c.authzid)
		got := m.talk(t)
		if got.serverErr != nil || got.clientErr != nil || !got.result.Done || got.result.Authcid != "tim" || got.result.Authzid != c.as {
			t.Fatalf("%q: %+v, %v, %v", c.authzid, got.result, got.serverErr, got.clientErr)
		}
		if len(got.lines) != 5 || got.lines[2] != "C: " {
			t.Fatalf("%q", got.lines)
		}
		for i, prefix := range []string{"C: \x60\x82", "S: \x60\x81", "C: ", "S: \x05\x04\x05\xff\x00\x0c\x00\x00", "C: \x05\x04\x04\xff\x00\x0c\x00\x00"} {
			if !strings.HasPrefix(got.lines[i], prefix) {
				t.Errorf("message %d is %q", i, got.lines[i])
			}
		}
		if offer := got.lines[3][len("S: ")+16:]; offer[:4] != "\x01\x00\x00\x00" { // LYR-08: no layer, size 0
			t.Errorf("offered %q", offer)
		}
		if choice := find(t, got.clientSteps, "layer-choice").Out.String(); choice != "\x01\x00\x00\x00"+c.authzid {
			t.Errorf("chosen %q", choice)
		}
		for _, steps := range [][]trace.Step{got.clientSteps, got.serverSteps} {
			if err := trace.Check(steps); err != nil {
				t.Error(err)
			}
		}
		// The session key is in both, the password and its key in the client alone.
		key := find(t, got.clientSteps, "client-key").Out
		for _, s := range got.serverSteps {
			if bytes.Contains(s.Out.Octets, key.Octets) || bytes.Contains(s.Out.Octets, []byte(fuzzPassword)) {
				t.Errorf("the server has the password or its key: %s", s.Label)
			}
		}
	}
}

// Rows gssapi-layer-1 to -3 and gssapi-client-choice: GSS-02, GSS-03.
func TestGSSAPILayers(t *testing.T) {
	theirs := kerberos.Wrapping{Key: trace.Value{Octets: make([]byte, 32)}, Acceptor: true}
	request := kerberos.Authenticator{Sequence: trace.Constant("\x07")}
	met := 0
	choose := func(offer, authzid string) ([]trace.Step, error) {
		rec := trace.NewRecorder(trace.Client)
		client := &gssapiClient{state: gssapiLayers, theirs: theirs, request: request, authzid: trace.Constant(authzid)}
		token := theirs.Wrap(nil, trace.Constant(offer))
		_, err := noted{t, held.Client, gssapi, client}.Next(testEnv(0, rec), Send(token))
		return rec.Take(), err
	}
	for _, v := range gssapiVectors(t) {
		switch {
		case v.In.Unwrapped != "":
			met++
			_, err := choose(fromHex(t, v.In.Unwrapped), "")
			if v.Out.None && err != nil {
				t.Errorf("%s: %v", v.ID, err)
			} else if !v.Out.None {
				wantFault(t, v.ID, err, Error{Peer, "GSS-02", "no-layer"})
			}
		case v.Out.BeforeWrap != "":
			met++
			steps, err := choose("\x01\x00\x00\x00", v.In.Authzid)
			if err != nil {
				t.Error(err)
			}
			wantOut(t, v.ID, steps, map[string]string{"layer-choice": v.Out.BeforeWrap})
		}
	}
	if met != 4 {
		t.Errorf("%d rows", met)
	}
	_, err := choose("\x01\x00\x00", "")
	wantFault(t, "three octets", err, Error{Peer, "GSS-02", "malformed"})
	_, err = choose("\x01\x00\x00\x00\x00", "")
	wantFault(t, "five octets", err, Error{Peer, "GSS-02", "malformed"})
}

// GSS-02: the client picks exactly one layer that was offered; its authorization
// identity has no NUL, and has to be allowed.
func TestGSSAPIChoice(t *testing.T) {
	ours := kerberos.Wrapping{Key: trace.Value{Octets: make([]byte, 32)}, Sequence: trace.Constant("\x07")}
	for _, c := range []struct {
		text string
		want Error
	}{
		{"\x01\x00\x00\x00", Error{}},
		{"\x01\xff\xff\xff", Error{}}, // GSS-03
		{"\x01\x00\x00\x00tim", Error{}},
		{"\x03\x00\x00\x00", Error{Refused, "GSS-02", "no-layer"}},
		{"\x00\x00\x00\x00", Error{Refused, "GSS-02", "no-layer"}},
		{"\x04\x00\xff\xff", Error{Refused, "GSS-02", "no-layer"}},
		{"\x01\x00\x00", Error{Refused, "GSS-01", "malformed"}},
		{"\x01\x00\x00\x00tim\x00", Error{Refused, "GSS-01", "malformed"}},
		{"\x01\x00\x00\x00\xff", Error{Refused, "SAS-03", "not-prepared"}},
		{"\x01\x00\x00\x00ursel", Error{Refused, "SAS-02", "not-authorized"}},
	} {
		store := gssStore(t)
		server := &gssapiServer{store: store, state: gssapiLayers, theirs: ours, authcid: trace.Constant("tim"), account: store.entries["tim"].account}
		r, err := noted{t, held.Server, gssapi, server}.Next(testEnv(0, nil), Send(ours.Wrap(nil, trace.Constant(c.text))))
		if c.want.Kind == "" && (err != nil || !r.Done || r.Authzid != "tim") {
			t.Errorf("%q: %+v, %v", c.text, r, err)
		} else if c.want.Kind != "" {
			wantFault(t, c.text, err, c.want)
		}
	}
}

// What the client finds wrong before it sends anything.
func TestGSSAPIClientStops(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*meeting, *kerberos.KDC)
		want   Error
	}{
		{"wrong password", func(m *meeting, _ *kerberos.KDC) { m.credentials.Password.Text = "TanstaafTanstaaf" }, Error{Local, "GSS-04", "kdc-key"}},
		{"empty password", func(m *meeting, _ *kerberos.KDC) { m.credentials.Password.Text = "" }, Error{Local, "GSS-04", "kdc-key"}},
		{"withheld", func(m *meeting, _ *kerberos.KDC) { m.credentials.Password = Secret{Withheld: true} }, Error{Local, "", "withheld"}},
		{"unknown user", func(m *meeting, _ *kerberos.KDC) { m.credentials.Authcid = "nobody" }, Error{Local, "GSS-04", "unknown-principal"}},
		{"no name", func(m *meeting, _ *kerberos.KDC) { m.credentials.Authcid = "" }, Error{Local, "SAS-03", "empty"}},
		{"another host", func(m *meeting, _ *kerberos.KDC) { m.client.Host = "other.example.org" }, Error{Local, "GSS-04", "unknown-service"}},
		{"another realm", func(m *meeting, _ *kerberos.KDC) { m.client.Host = "mail.example.net" }, Error{Local, "GSS-04", "unknown-service"}},
		{"a count too high", func(_ *meeting, k *kerberos.KDC) { k.Iterations = MaxIterations + 1 }, Error{Local, "SAS-09", "too-many-iterations"}},
	} {
		m, k := gssMeeting(gssStore(t), ""), testKDC(0)
		c.change(&m, k)
		env := testEnv(0, nil)
		env.KDC = k.Answer
		_, err := mechanism(t, "GSSAPI").Client(m.credentials, m.client).Next(env, Message{})
		wantFault(t, c.name, err, c.want)
	}
	// GSS-06: without a centre of its own it has nobody to ask.
	env, m := testEnv(0, nil), gssMeeting(gssStore(t), "")
	env.KDC = nil
	_, err := mechanism(t, "GSSAPI").Client(m.credentials, m.client).Next(env, Message{})
	wantFault(t, "no KDC", err, Error{Local, "GSS-06", "no-kdc"})
	for _, answer := range []string{"", "\x6b", "\x6b\x03\x30\x01\x00", "\x7e\x02\x30\x00", strings.Repeat("\x6b\x84\xff\xff\xff\xff", 9)} {
		env.KDC = func([]byte) ([]byte, error) { return []byte(answer), nil }
		_, err = mechanism(t, "GSSAPI").Client(m.credentials, m.client).Next(env, Message{})
		wantFault(t, answer, err, Error{Local, "GSS-04", "kdc-answer"})
	}
	// An answer that was given to another question.
	old, err := testKDC(3).Answer(kerberos.RequestTicket(nil, trace.Constant("EXAMPLE.ORG"), kerberos.User(trace.Constant("tim")),
		kerberos.Host(trace.Constant("smtp"), trace.Constant(testHost)), env.Now().Add(time.Hour), trace.Constant("\x05")).Octets)
	if err != nil {
		t.Fatal(err)
	}
	env.KDC = func([]byte) ([]byte, error) { return old, nil }
	_, err = mechanism(t, "GSSAPI").Client(m.credentials, m.client).Next(env, Message{})
	wantFault(t, "an old answer", err, Error{Local, "GSS-04", "kdc-answer"})
	env.KDC = func([]byte) ([]byte, error) { return nil, io.ErrUnexpectedEOF }
	if _, err = mechanism(t, "GSSAPI").Client(m.credentials, m.client).Next(env, Message{}); err != io.ErrUnexpectedEOF {
		t.Errorf("%v", err)
	}
}

// What the server refuses: AUTH-27, GSS-04, GSS-07.
func TestGSSAPIServerRefuses(t *testing.T) {
	minutes := func(n time.Duration) func(*Env, *ServerOptions, *Store) {
		return func(env *Env, _ *ServerOptions, _ *Store) {
			now := env.Now().Add(n * time.Minute)
			env.Now = func() time.Time { return now }
		}
	}
	for _, c := range []struct {
		name   string
		change func(*Env, *ServerOptions, *Store)
		want   Error
	}{
		{"nothing wrong", func(*Env, *ServerOptions, *Store) {}, Error{}},
		{"5 minutes late", minutes(5), Error{}},
		{"5 minutes early", minutes(-5), Error{}},
		{"6 minutes late", minutes(6), Error{Refused, "AUTH-27", "clock-skew"}},
		{"6 minutes early", minutes(-6), Error{Refused, "AUTH-27", "clock-skew"}},
		{"another service key", func(_ *Env, o *ServerOptions, _ *Store) { o.GSSAPI.Keytab.Key = make([]byte, 32) }, Error{Refused, "GSS-07", "wrong-service-key"}},
		{"a key of another type", func(_ *Env, o *ServerOptions, _ *Store) { o.GSSAPI.Keytab.Key = make([]byte, 16) }, Error{Refused, "GSS-07", "wrong-service-key"}},
		{"no key", func(_ *Env, o *ServerOptions, _ *Store) { o.GSSAPI.Keytab.Key = nil }, Error{Refused, "GSS-07", "wrong-service-key"}},
		{"another host", func(_ *Env, o *ServerOptions, _ *Store) { o.Host = "other.example.org" }, Error{Refused, "GSS-04", "wrong-service"}},
		{"another realm", func(_ *Env, o *ServerOptions, _ *Store) { o.GSSAPI.Keytab.Realm = "EXAMPLE.COM" }, Error{Refused, "GSS-04", "wrong-service"}},
		{"no account", func(_ *Env, _ *ServerOptions, s *Store) { delete(s.entries, "tim") }, Error{Refused, "AUTH-27", "unknown-user"}},
	} {
		m := gssMeeting(gssStore(t), "")
		said, err := mechanism(t, "GSSAPI").Client(m.credentials, m.client).Next(testEnv(0, nil), Message{})
		if err != nil {
			t.Fatal(err)
		}
		env := testEnv(0, nil)
		c.change(env, &m.server, m.store)
		got, err := mechanism(t, "GSSAPI").Server(m.store, m.server).Next(env, said.Send)
		if c.want.Kind == "" && (err != nil || !got.Checked) {
			t.Errorf("%s: %+v, %v", c.name, got, err)
		} else if c.want.Kind != "" {
			wantFault(t, c.name, err, c.want)
		}
	}
}

// A ticket that has run out, with an authenticator of now; and one whose
// authenticator names somebody else, or is under another key.
func TestGSSAPITickets(t *testing.T) {
	m := gssMeeting(gssStore(t), "")
	ask := func(env *Env) (*gssapiClient, kerberos.Grant) {
		client := &gssapiClient{Credentials: m.credentials, common: m.client.common()}
		grant, err := client.ticket(env, kerberos.User(trace.Constant("tim")))
		if err != nil {
			t.Fatal(err)
		}
		return client, grant
	}
	for _, c := range []struct {
		name   string
		after  time.Duration
		change func(*kerberos.Authenticator, *gssapiClient)
		want   Error
	}{
		{"in time", 10*time.Hour + 5*time.Minute, nil, Error{}},
		{"too late", 10*time.Hour + 6*time.Minute, nil, Error{Refused, "AUTH-27", "ticket-expired"}},
		{"somebody else", 0, func(a *kerberos.Authenticator, _ *gssapiClient) { a.Client = kerberos.User(trace.Constant("ursel")) }, Error{Refused, "AUTH-27", "wrong-principal"}},
		{"another realm", 0, func(a *kerberos.Authenticator, _ *gssapiClient) { a.Realm = trace.Constant("EXAMPLE.COM") }, Error{Refused, "AUTH-27", "wrong-principal"}},
		{"another key", 0, func(_ *kerberos.Authenticator, c *gssapiClient) { c.session.Octets = make([]byte, 32) }, Error{Refused, "AUTH-27", "wrong-authenticator"}},
		{"no checksum", 0, func(a *kerberos.Authenticator, _ *gssapiClient) { a.Checksum = trace.Value{} }, Error{Refused, "GSS-01", "malformed"}},
	} {
		client, grant := ask(testEnv(0, nil))
		env := testEnv(0, nil)
		now := env.Now().Add(c.after)
		env.Now = func() time.Time { return now }
		a := kerberos.At(nil, now)
		a.Realm, a.Client, a.Checksum, a.Sequence = grant.Realm, grant.Client, kerberos.Checksum(nil, kerberos.FlagMutual), trace.Constant("\x01")
		if c.change != nil {
			c.change(&a, client)
		}
		_, err := mechanism(t, "GSSAPI").Server(gssStore(t), m.server).Next(env, Send(a.Write(nil, client.session, make([]byte, 16), grant.Ticket.Raw)))
		if c.want.Kind == "" && err != nil {
			t.Errorf("%s: %v", c.name, err)
		} else if c.want.Kind != "" {
			wantFault(t, c.name, err, c.want)
		}
	}
}

// GSS-01: a client that wants no proof gets the layers at once, under the session
// key and with its own sequence number (RFC 4121 §4.2.6).
func TestGSSAPIWithoutProof(t *testing.T) {
	m, env := gssMeeting(gssStore(t), ""), testEnv(0, nil)
	client := &gssapiClient{Credentials: m.credentials, common: m.client.common()}
	grant, err := client.ticket(env, kerberos.User(trace.Constant("tim")))
	if err != nil {
		t.Fatal(err)
	}
	a := kerberos.At(nil, env.Now())
	a.Realm, a.Client, a.Checksum, a.Sequence = grant.Realm, grant.Client, kerberos.Checksum(nil, 0), trace.Constant("\x05")
	token := a.Write(nil, client.session, make([]byte, 16), grant.Ticket.Raw).String()
	const wanted = "\x03\x05\x00\x20\x00\x00\x00"
	if strings.Count(token, wanted) != 1 {
		t.Fatalf("%q", token)
	}
	token = strings.Replace(token, wanted, "\x03\x05\x00\x00\x00\x00\x00", 1)
	server := mechanism(t, "GSSAPI").Server(m.store, m.server)
	got, err := server.Next(env, Send(trace.Constant(token)))
	if err != nil || !got.Checked {
		t.Fatalf("%+v, %v", got, err)
	}
	w := kerberos.Wrapping{Key: client.session, Acceptor: true, Sequence: a.Sequence}
	if text, ok, holds := w.Unwrap(nil, got.Send.Value); !ok || !holds || text.String() != "\x01\x00\x00\x00" {
		t.Fatalf("%q, %v, %v", text, ok, holds)
	}
	w.Acceptor = false
	if got, err = server.Next(env, Send(w.Wrap(nil, trace.Constant("\x01\x00\x00\x00")))); err != nil || !got.Done || got.Authcid != "tim" {
		t.Errorf("%+v, %v", got, err)
	}
}

// GSS-05: an AP-REP from who could not open the ticket.
func TestGSSAPIImpostor(t *testing.T) {
	m := gssMeeting(gssStore(t), "")
	for _, c := range []struct {
		name string
		key  bool // the right one
		want Error
	}{
		{"another key", false, Error{Impostor, "GSS-05", "wrong-session-key"}},
		{"another time", true, Error{Impostor, "GSS-05", "wrong-session-key"}},
	} {
		client, env := &gssapiClient{Credentials: m.credentials, common: m.client.common()}, testEnv(0, nil)
		if _, err := client.Next(env, Message{}); err != nil {
			t.Fatal(err)
		}
		key := trace.Value{Octets: make([]byte, 32)}
		if c.key {
			key = client.session
		}
		proof := kerberos.Proof{Time: trace.Constant("19920203040506Z"), Micro: trace.Constant("\x00"), Subkey: key, Sequence: trace.Constant("\x01")}
		_, err := client.Next(env, Send(proof.Write(nil, key, make([]byte, 16))))
		wantFault(t, c.name, err, c.want)
	}
}

// No change to a message goes unnoticed by both sides, but for what Kerberos
// leaves open: the options of AP-REQ that mean nothing here, what kind of name
// the service's is, and how far a wrapped message is turned, once round.
func TestGSSAPITampered(t *testing.T) {
	m := gssMeeting(gssStore(t), "office")
	open := 0
	tampered(t, m, func(what string, n int, got talk) {
		if !got.result.Done || !got.clientResult.Done {
			return
		}
		if n != 0 && (n < 3 || what != "bit 48 flipped") || !strings.HasPrefix(what, "bit ") {
			t.Errorf("message %d, %s: nobody noticed: %q", n, what, got.lines)
		}
		open++
	})
	if open > 8 {
		t.Errorf("%d changes went unnoticed", open)
	}
}
