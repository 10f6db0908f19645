package sasl

import (
	"bytes"
	"encoding/base64"
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"example.org/smtpauth/protocol/held"
	"example.org/smtpauth/protocol/sasl/kerberos"
	"example.org/smtpauth/protocol/trace"
)

// testEnv is an Env with the random numbers of seed and a clock that stands.
func testEnv(seed byte, rec *trace.Recorder) *Env {
	return &Env{
		Rand:  rand.NewChaCha8([32]byte{seed}),
		Now:   func() time.Time { return time.Unix(697170952, 0) },
		Trace: rec,
		KDC:   testKDC(seed).Answer,
	}
}

// The realm of the tests: its service's key, and what a server has of it.
var (
	testServiceKey = []byte("the 32 octets of smtp's own key.")
	testKeytab     = Keytab{Realm: "EXAMPLE.ORG", Key: testServiceKey}
)

const testHost = "mail.example.org"

// testKDC is a key distribution centre that knows tim; its count costs nothing.
func testKDC(seed byte) *kerberos.KDC {
	return &kerberos.KDC{Realm: testKeytab.Realm, Host: testHost, Key: testServiceKey, Users: map[string]string{"tim": fuzzPassword},
		Rand: rand.NewChaCha8([32]byte{seed, 1}), Now: func() time.Time { return time.Unix(697170952, 0) }, Iterations: 2}
}

// testChannel is a connection that both ends see alike.
var testChannel = Channel{TLS: true, Exporter: []byte("32 octets that the two ends share"), EndPoint: []byte("a hash of the certificate"), Client: "tim"}

// mechanism finds a mechanism that must be there. What its halves say is noted.
func mechanism(t testing.TB, name string) Mechanism {
	t.Helper()
	found, ok := Lookup(name)
	if !ok {
		t.Fatalf("no mechanism %q", name)
	}
	m := found
	m.Client = func(c Credentials, o ClientOptions) Exchange { return noted{t, held.Client, found, found.Client(c, o)} }
	m.Server = func(s *Store, o ServerOptions) Exchange { return noted{t, held.Server, found, found.Server(s, o)} }
	return m
}

// noted is a half whose rules are noted: those that the events of its machine
// name.
type noted struct {
	t    testing.TB
	side held.Side
	of   Mechanism
	Exchange
}

func (n noted) Next(env *Env, received Message) (Result, error) {
	r, err := n.Exchange.Next(env, received)
	var fault *Error
	if errors.As(err, &fault) {
		held.Note(n.t, n.side, fault.Rule)
	}
	if r.Refused != nil {
		held.Note(n.t, n.side, r.Refused.Rule)
	}
	if r.Checked && n.side == held.Client {
		held.Note(n.t, n.side, n.of.Checks)
	}
	if r.Checked && n.side == held.Server || n.side == held.Client && len(r.Send.Octets) > 0 {
		held.Note(n.t, n.side, n.of.Rule)
	}
	return r, err
}

// newStore makes a store of accounts that must be good.
func newStore(t testing.TB, accounts ...Account) *Store {
	t.Helper()
	s, err := NewStore(testEnv(1, nil), accounts)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func clearAccount(name, password string) Account {
	return Account{Name: name, Password: Secret{Text: password}, Stored: Clear}
}

func hashedAccount(name, password string) Account {
	return Account{Name: name, Password: Secret{Text: password}, Stored: Hashed}
}

func credentials(authzid, authcid, password string) Credentials {
	return Credentials{Authzid: authzid, Authcid: authcid, Password: Secret{Text: password}}
}

// A talk is what two halves said to each other, and how it ended.
type talk struct {
	lines                    []string // "C: ..." and "S: ...", octets as they are
	result, clientResult     Result   // the last ones
	serverErr, clientErr     error
	serverSteps, clientSteps []trace.Step
}

// A meeting is how two halves meet.
type meeting struct {
	mechanism   string
	credentials Credentials
	client      ClientOptions
	server      ServerOptions
	store       *Store
	noInitial   bool // a client-first message waits for the first challenge
	under       bool // under TLS: nobody listens
	quiet       bool // without recorders
	seed        byte
	work        *int                              // that both may do; nil: any
	tamper      func(n int, octets []byte) []byte // somebody on the wire, with message n from 0
}

// talk lets both halves talk until one of them has enough. In between it does
// what SMTP does: it takes the octets over, with base64 and recorders.
func (m meeting) talk(t testing.TB) talk {
	t.Helper()
	mech := mechanism(t, m.mechanism)
	if mech.Available != nil && !m.client.Channel.TLS && !m.server.Channel.TLS {
		m.client.Channel, m.server.Channel = testChannel, testChannel
	}
	m.store.authenticators = nil // of an earlier talk
	client, server := mech.Client(m.credentials, m.client), mech.Server(m.store, m.server)
	var clientRec, serverRec *trace.Recorder
	if !m.quiet {
		clientRec, serverRec = trace.NewRecorder(trace.Client), trace.NewRecorder(trace.Server)
	}
	clientEnv, serverEnv := testEnv(m.seed, clientRec), testEnv(m.seed, serverRec)
	clientEnv.Work, serverEnv.Work = m.work, m.work
	number := 0
	carry := func(from, to *trace.Recorder, v Message) Message {
		if !v.Present {
			return Message{}
		}
		line := from.Sent("line", from.Base64("spelling", v.Value), !m.under).Octets
		if m.tamper != nil {
			line = base64.StdEncoding.AppendEncode(nil, m.tamper(number, bytes.Clone(v.Octets)))
			number++
		}
		got, err := to.Unbase64("octets", to.Received("line", line, !m.under))
		if err != nil {
			t.Fatal(err)
		}
		return Send(got)
	}
	var out talk
	said, err := client.Next(clientEnv, Message{})
	held, toServer := said, Message{}
	if m.noInitial || !mech.ClientFirst && m.client.Digest.Again == "" {
		said = Result{}
	}
	for out.clientErr = err; out.clientErr == nil; {
		toServer = carry(clientRec, serverRec, said.Send)
		if toServer.Present {
			out.lines = append(out.lines, "C: "+toServer.String())
		}
		out.result, out.serverErr = server.Next(serverEnv, toServer)
		if out.serverErr != nil || out.result.Done {
			break
		}
		toClient := carry(serverRec, clientRec, out.result.Send)
		out.lines = append(out.lines, "S: "+toClient.String())
		if held.Send.Present && m.noInitial {
			said, held = held, Result{}
			continue
		}
		said, out.clientErr = client.Next(clientEnv, toClient)
		out.clientResult = said
	}
	out.clientSteps, out.serverSteps = clientRec.Take(), serverRec.Take()
	for _, steps := range [][]trace.Step{out.clientSteps, out.serverSteps} {
		if err := trace.Check(steps); err != nil {
			t.Fatal(err)
		}
		checkIDs(t, steps)
	}
	for _, err := range []error{out.serverErr, out.clientErr} {
		checkError(t, err)
	}
	if r := out.result; out.serverErr != nil && (r.Send.Present || r.Done || r.Authcid+r.Authzid != "") {
		t.Errorf("SAS-06: %+v after %v", r, out.serverErr)
	}
	return out
}

// checkError checks that a failure is an *Error whose reason is listed, and
// that it names a rule where one speaks.
func checkError(t testing.TB, err error) {
	t.Helper()
	var fault *Error
	if err == nil {
		return
	}
	if !errors.As(err, &fault) {
		t.Fatalf("%v is not an *Error", err)
	}
	if !listed(Vocabulary().Reasons, fault.Reason) || !listed(Vocabulary().Kinds, fault.Kind) {
		t.Errorf("%v: not listed", err)
	}
	if fault.Rule == "" && fault.Reason != "withheld" && fault.Reason != "out-of-step" {
		t.Errorf("%v: no rule", err)
	}
}

// checkIDs checks that all labels, here or of package trace, are listed.
func checkIDs(t testing.TB, steps []trace.Step) {
	t.Helper()
	for _, s := range steps {
		smtp := s.Label == "line" || s.Label == "spelling" || s.Label == "octets"
		if !smtp && !listed(Vocabulary().Labels, s.Label) && !listed(trace.Labels, s.Label) {
			t.Errorf("label %q is not listed", s.Label)
		}
		checkIDs(t, s.Sub)
	}
}

func listed[T comparable](list []T, id T) bool {
	for _, l := range list {
		if l == id {
			return true
		}
	}
	return false
}

// wantFault checks an error's kind, rule and reason.
func wantFault(t testing.TB, what string, err error, want Error) {
	t.Helper()
	var fault *Error
	if !errors.As(err, &fault) || *fault != want {
		t.Errorf("%s: %+v, want %+v", what, err, want)
	}
}
