package sasl

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"testing"

	"example.org/smtpauth/protocol/trace"
)

// storedFor is the store made for a SCRAM mechanism.
func storedFor(name string) Stored {
	return Stored(strings.ToLower(strings.TrimSuffix(name, "-PLUS")))
}

// scramMeeting sets up the exchange of a vector, with stored keys or with the
// clear password.
func scramMeeting(t testing.TB, v vector, stored Stored) meeting {
	t.Helper()
	account := Account{Name: v.In.Username, Password: Secret{Text: v.In.Password}, Stored: stored,
		Salt: []byte(fromBase64(t, v.In.Salt64)), Iterations: v.In.Iterations}
	if v.In.Authzid != "" {
		account.ActAs = []string{v.In.Authzid}
	}
	binding, _ := strings.CutPrefix(v.In.Flag, "p=")
	channel := Channel{TLS: true, Exporter: bytes.Repeat([]byte{1}, 32), EndPoint: bytes.Repeat([]byte{2}, 32)}
	switch Binding(binding) {
	case TLSExporter:
		channel.Exporter = []byte(fromHex(t, v.In.BindingHex))
	case TLSServerEndPoint:
		channel.EndPoint = []byte(fromHex(t, v.In.BindingHex))
	default:
		binding = ""
	}
	return meeting{mechanism: v.Mechanism, store: newStore(t, account),
		credentials: credentials(v.In.Authzid, v.In.Username, v.In.Password),
		client:      ClientOptions{Nonce: v.In.ClientNonce, Channel: channel, SCRAM: SCRAMClient{Binding: Binding(binding), CouldBind: v.In.Flag == "y", FewIterations: v.In.Iterations < MinIterations}},
		server:      ServerOptions{Nonce: v.In.ServerNonce, Channel: channel}}
}

// Group scram with its steps, RFC 5802 §5 and RFC 7677 §3 first: SCR-01, SCR-02,
// SCR-03, SCR-07, SCR-09, SCR-10, SCR-11, SCR-13, SCR-16, SCR-19, SCR-22, CHB-01,
// CHB-03, for both ways of storing.
func TestSCRAMVectors(t *testing.T) {
	n := 0
	for _, v := range vectors(t, "scram") {
		if v.Out.ClientFirst == "" {
			continue
		}
		n++
		for _, stored := range []Stored{storedFor(v.Mechanism), Clear} {
			got := scramMeeting(t, v, stored).talk(t)
			want := []string{"C: " + v.Out.ClientFirst, "S: " + v.Out.ServerFirst, "C: " + v.Out.ClientFinal, "S: " + v.Out.ServerFinal, "C: "}
			if !slices.Equal(got.lines, want) {
				t.Errorf("%s: %q, want %q", v.ID, got.lines, want)
			}
			if got.serverErr != nil || got.clientErr != nil || !got.result.Done || !got.clientResult.Done || !got.clientResult.Checked {
				t.Fatalf("%s: %+v, %v; client %+v, %v", v.ID, got.result, got.serverErr, got.clientResult, got.clientErr)
			}
			as, _ := prepare(nil, "", trace.Constant(v.In.Authzid))
			if v.In.Authzid != "" && got.result.Authzid != as.String() || v.In.Authzid == "" && got.result.Authzid != got.result.Authcid {
				t.Errorf("%s: acts as %q", v.ID, got.result.Authzid)
			}
			checkSCRAMSteps(t, v, got, stored)
		}
	}
	if n < 10 {
		t.Errorf("%d exchanges", n)
	}
}

func checkSCRAMSteps(t *testing.T, v vector, got talk, stored Stored) {
	t.Helper()
	text := func(s string) string { return hex.EncodeToString([]byte(s)) }
	both := map[string]string{"gs2-header": text(v.Steps.Header), "client-first-message-bare": text(v.Steps.Bare),
		"client-final-message-without-proof": text(v.Steps.FinalBare), "AuthMessage": text(v.Steps.AuthMessage),
		"ClientSignature": v.Steps.ClientSig, "ServerSignature": v.Steps.ServerSig,
		"ClientProof": text(fromBase64(t, v.Steps.Proof))}
	client := map[string]string{"SaltedPassword": v.Steps.Salted, "ClientKey": v.Steps.ClientKey, "StoredKey": v.Steps.StoredKey,
		"ServerKey": v.Steps.ServerKey}
	server := map[string]string{"recovered-ClientKey": v.Steps.ClientKey, "recovered-StoredKey": v.Steps.StoredKey, "cbind-input": v.Steps.CbindInput}
	if len(v.In.BindingHex) > 0 { // then it is put together, not only read
		client["cbind-input"] = v.Steps.CbindInput
		delete(server, "cbind-input")
	}
	if stored == Clear {
		for label, want := range client {
			server[label] = want
		}
		delete(server, "cbind-input")
	} else {
		server["stored-StoredKey"], server["stored-ServerKey"] = v.Steps.StoredKey, v.Steps.ServerKey
	}
	for side, want := range map[string]map[string]string{"client": client, "server": server} {
		steps := got.clientSteps
		if side == "server" {
			steps = got.serverSteps
		}
		for _, wants := range []map[string]string{both, want} {
			for label, digits := range wants {
				if out := hex.EncodeToString(find(t, steps, label).Out.Octets); out != digits {
					t.Errorf("%s: the %s's %s is %s, want %s", v.ID, side, label, out, digits)
				}
			}
		}
	}
}

// scramExample is RFC 5802 §5's exchange.
func scramExample(t testing.TB) (vector, meeting) {
	t.Helper()
	for _, v := range vectors(t, "scram") {
		if v.ID == "scram-sha-1-rfc5802" {
			return v, scramMeeting(t, v, StoredSCRAM1)
		}
	}
	t.Fatal("no example")
	return vector{}, meeting{}
}

// after makes one half of the example and feeds it the messages before.
func (m meeting) after(t testing.TB, server bool, before ...string) (Exchange, *Env) {
	t.Helper()
	mech, env := mechanism(t, m.mechanism), testEnv(m.seed, nil)
	half := mech.Client(m.credentials, m.client)
	if server {
		half = mech.Server(m.store, m.server)
	} else if _, err := half.Next(env, Message{}); err != nil {
		t.Fatal(err)
	}
	for _, b := range before {
		if _, err := half.Next(env, Send(trace.Constant(b))); err != nil {
			t.Fatal(err)
		}
	}
	return half, env
}

// The reject rows of group scram: SCR-02, SCR-04, SCR-05, SCR-06, SCR-11,
// SCR-12, SCR-14, SCR-17, SCR-20. The optional row is taken (SCR-02).
func TestSCRAMRejects(t *testing.T) {
	rules := map[string]bool{}
	example, m := scramExample(t)
	for _, v := range vectors(t, "scram") {
		if v.Expect == "" {
			continue
		}
		var half Exchange
		var env *Env
		switch v.In.Type {
		case "client-first":
			half, env = m.after(t, true)
		case "server-first":
			half, env = m.after(t, false)
		case "client-final":
			half, env = m.after(t, true, example.Out.ClientFirst)
		case "server-final":
			half, env = m.after(t, false, example.Out.ServerFirst)
		default:
			t.Fatalf("%s: %q", v.ID, v.In.Type)
		}
		got, err := half.Next(env, Send(trace.Constant(v.In.Message)))
		switch v.Expect {
		case "reject":
			if v.In.Message == "e=invalid-proof" { // the outcome follows; success is not believed
				if err != nil || got.Done || got.Checked || !got.Send.Present || len(got.Send.Octets) > 0 {
					t.Errorf("%s: %+v, %v", v.ID, got, err)
				}
				if _, err := half.Next(env, Send(trace.Constant("v=rmF9pqV8S7suAoZWja4dJRkFsKQ="))); err != ErrOutOfStep {
					t.Errorf("%s: then %v", v.ID, err)
				}
				continue
			}
			fault, ok := err.(*Error)
			if !ok || got.Send.Present || got.Done {
				t.Errorf("%s: %q: %+v, %v", v.ID, v.In.Message, got, err)
				continue
			}
			checkError(t, err)
			rules[fault.Rule] = true
			if v.In.Type == "client-first" && fault.Kind != Refused || v.In.Type == "server-first" && fault.Kind != Peer {
				t.Errorf("%s: kind %s", v.ID, fault.Kind)
			}
		case "accept", "reject-optional":
			if err != nil || !got.Send.Present {
				t.Errorf("%s: %+v, %v", v.ID, got, err)
			}
		}
	}
	for _, id := range []string{"SCR-01", "SCR-02", "SCR-04", "SCR-05", "SCR-06", "SCR-11", "SCR-12", "SCR-14", "SCR-17", "SCR-20"} {
		if !rules[id] {
			t.Errorf("no row is refused by %s: %v", id, rules)
		}
	}
}

// SCR-08, SAS-09: a count outside the bounds is refused before anything is
// computed with it; SCR-05: what is no count at all.
func TestSCRAMIterationBounds(t *testing.T) {
	_, m := scramExample(t)
	for _, c := range []struct {
		count, reason string
		few           bool
	}{
		{"4096", "", false}, {"200000", "", false}, {"4095", "too-few-iterations", false}, {"1", "", true},
		{"200001", "too-many-iterations", false}, {"1000000000", "too-many-iterations", true},
		{"99999999999999999999999999", "too-many-iterations", false}, {"0", "malformed", true}, {"+5000", "malformed", false},
	} {
		m.client.SCRAM.FewIterations = c.few
		half, env := m.after(t, false)
		rec := trace.NewRecorder(trace.Client)
		env.Trace = rec
		if c.count == "200000" && testing.Short() {
			continue
		}
		_, err := half.Next(env, Send(trace.Constant("r="+m.client.Nonce+"x,s=QSXCR+Q6sek8bf92,i="+c.count)))
		steps := rec.Take()
		computed := slices.ContainsFunc(steps, func(s trace.Step) bool { return s.Op == trace.PBKDF2 })
		if fault, ok := err.(*Error); c.reason == "" && (err != nil || !computed) || c.reason != "" && (!ok || fault.Reason != c.reason || computed) {
			t.Errorf("i=%s: %v, computed %v, want %q", c.count, err, computed, c.reason)
		}
	}
}

// SCR-15, SCR-17, CHB-05, CHB-06: what the flag, the list and the connection
// allow.
func TestSCRAMBinding(t *testing.T) {
	one := Channel{TLS: true, Exporter: bytes.Repeat([]byte{1}, 32), EndPoint: bytes.Repeat([]byte{3}, 32)}
	other := Channel{TLS: true, Exporter: bytes.Repeat([]byte{2}, 32), EndPoint: one.EndPoint}
	old := Channel{TLS: true, EndPoint: one.EndPoint} // TLS 1.2
	none := Channel{TLS: true}                        // and a certificate of Ed25519
	for _, c := range []struct {
		name             string
		plus             bool
		client, server   Channel
		binding          Binding
		could, offers    bool
		wantRule, reason string
	}{
		{"same connection", true, one, one, "", false, true, "", ""},
		{"same certificate", true, one, other, TLSServerEndPoint, false, true, "", ""},
		{"another connection", true, one, other, "", false, true, "CHB-05", "other-channel"},
		{"TLS 1.2", true, old, old, "", false, true, "", ""},
		{"the server lacks the type", true, one, old, TLSExporter, false, true, "SCR-17", "binding-type"},
		{"the client lacks the type", true, old, one, TLSExporter, false, true, "CHB-06", "no-binding"},
		{"nothing to bind to", true, none, one, "", false, true, "CHB-06", "no-binding"},
		{"no TLS", true, Channel{Exporter: one.Exporter}, one, "", false, true, "CHB-06", "no-binding"},
		{"flag n", false, one, one, "", false, true, "", ""},
		{"flag y, -PLUS not offered", false, one, one, "", true, false, "", ""},
		{"flag y, -PLUS offered", false, one, one, "", true, true, "SCR-15", "downgrade"},
		{"a type, but no -PLUS", false, one, one, TLSExporter, false, false, "", ""},
	} {
		m := meeting{mechanism: "SCRAM-SHA-256", store: newStore(t, clearAccount("tim", "secret")), credentials: credentials("", "tim", "secret"),
			client: ClientOptions{Channel: c.client, SCRAM: SCRAMClient{Binding: c.binding, CouldBind: c.could}},
			server: ServerOptions{Channel: c.server, SCRAM: SCRAMServer{OffersPlus: c.offers}}}
		if c.plus {
			m.mechanism += "-PLUS"
		}
		got := m.talk(t)
		err := got.serverErr
		if got.clientErr != nil {
			err = got.clientErr
		}
		fault, _ := err.(*Error)
		if c.wantRule == "" && (err != nil || !got.result.Done) || c.wantRule != "" && (fault == nil || fault.Rule != c.wantRule || fault.Reason != c.reason) {
			t.Errorf("%s: %v (%+v), want %s %s", c.name, err, fault, c.wantRule, c.reason)
		}
	}
	for _, m := range Mechanisms() {
		if (IsPlus(m.Name) || m.Name == "EXTERNAL") != m.Facts.Bound || IsPlus(m.Name) && (m.Available == nil || m.Available(none) || m.Available(Channel{}) || !m.Available(old)) {
			t.Errorf("CHB-06: %s", m.Name)
		}
	}
}

// SCR-17: flags that a name and a list do not allow.
func TestSCRAMFlags(t *testing.T) {
	store := newStore(t, clearAccount("tim", "secret"))
	channel := Channel{TLS: true, Exporter: make([]byte, 32)}
	for _, c := range []struct{ name, message, rule string }{
		{"SCRAM-SHA-1", "p=tls-exporter,,n=tim,r=abc", "SCR-17"},
		{"SCRAM-SHA-1-PLUS", "n,,n=tim,r=abc", "SCR-17"},
		{"SCRAM-SHA-1-PLUS", "y,,n=tim,r=abc", "SCR-15"},
		{"SCRAM-SHA-1-PLUS", "p=tls-unique,,n=tim,r=abc", "SCR-17"}, // CHB-04
		{"SCRAM-SHA-1-PLUS", "p=tls exporter,,n=tim,r=abc", "SCR-01"},
		{"SCRAM-SHA-1", "n,a=,n=tim,r=abc", "SCR-03"},
		{"SCRAM-SHA-1", "n,a=x=2,n=tim,r=abc", "SCR-02"},
		{"SCRAM-SHA-1", "n,,n=\x07,r=abc", "SCR-03"},
		{"SCRAM-SHA-1", "n,,n=tim,r=abc,m=x", "SCR-06"},
		{"SCRAM-SHA-1", "n,,n=tim,r=abc,", "SCR-20"},
		{"SCRAM-SHA-1", "n,,n=tim,r=abc,x=", "SCR-20"},
		{"SCRAM-SHA-1", "", "SCR-01"}, {"SCRAM-SHA-1", ",", "SCR-01"}, {"SCRAM-SHA-1", "n,a", "SCR-02"},
	} {
		_, err := mechanism(t, c.name).Server(store, ServerOptions{Channel: channel}).Next(testEnv(0, nil), Send(trace.Constant(c.message)))
		if fault, ok := err.(*Error); !ok || fault.Rule != c.rule || fault.Kind != Refused {
			t.Errorf("%s %q: %v (%+v), want %s", c.name, c.message, err, fault, c.rule)
		}
	}
}

// SCR-18, SAS-07: the same name gets the same salt each time, another name
// another one, whether it is there or not, and nothing but the end tells.
func TestSCRAMUnknownUser(t *testing.T) {
	store := newStore(t, Account{Name: "tim", Password: Secret{Text: "secret"}, Stored: StoredSCRAM256, Iterations: 5000})
	serverFirst := func(name string, seed byte) string {
		r, err := mechanism(t, "SCRAM-SHA-256").Server(store, ServerOptions{Nonce: "y"}).Next(testEnv(seed, nil), Send(trace.Constant("n,,n="+name+",r=x")))
		if err != nil {
			t.Fatal(err)
		}
		return r.Send.String()
	}
	for _, name := range []string{"tim", "tom"} {
		first := serverFirst(name, 3)
		if again := serverFirst(name, 4); again != first {
			t.Errorf("%s: %s, then %s", name, first, again)
		}
		if !strings.HasSuffix(first, ",i=5000") || len(first) != len(serverFirst("tim", 5)) {
			t.Errorf("%s: %s", name, first)
		}
	}
	if serverFirst("tom", 3) == serverFirst("tam", 3) || serverFirst("tom", 3) == serverFirst("tim", 3) {
		t.Error("two names have one salt")
	}
	for _, stored := range []Stored{Clear, StoredSCRAM256} {
		store := newStore(t, Account{Name: "tim", Password: Secret{Text: "secret"}, Stored: stored})
		known := meeting{mechanism: "SCRAM-SHA-256", store: store, credentials: credentials("", "tim", "wrong")}.talk(t)
		unknown := meeting{mechanism: "SCRAM-SHA-256", store: store, credentials: credentials("", "tom", "secret")}.talk(t)
		wantFault(t, "known", known.serverErr, Error{Refused, "AUTH-27", "wrong-password"})
		wantFault(t, "unknown", unknown.serverErr, Error{Refused, "AUTH-27", "unknown-user"})
		if a, b := motions(known.serverSteps), motions(unknown.serverSteps); a != b {
			t.Errorf("%s: %s; for a name that is not there %s", stored, a, b)
		}
	}
}

// motions are the operations of steps.
func motions(steps []trace.Step) string {
	var ops []string
	for _, s := range steps {
		ops = append(ops, string(s.Op)+strconv.Itoa(s.N))
	}
	return strings.Join(ops, " ")
}

// SCR-13, SCR-21: with e= the failure is said, then comes the error; each value
// once, unknown-user never.
func TestSCRAMErrors(t *testing.T) {
	example, m := scramExample(t)
	m.server.SCRAM.SayErrors, m.server.SCRAM.OffersPlus = true, true
	last := func(message string) []string { return []string{example.Out.ClientFirst, message} }
	proof := ",p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts="
	seen := map[string]bool{}
	for _, c := range []struct {
		value    string
		messages []string
	}{
		{eInvalidEncoding, []string{"n"}},
		{eExtensions, []string{"n,,m=x,n=user,r=abc"}},
		{eProof, last("c=biws,r=" + m.client.Nonce + m.server.Nonce + ",p=AAAAAAAAAAAAAAAAAAAAAAAAAAA=")},
		{eBinding, last("c=eSws,r=" + m.client.Nonce + m.server.Nonce + proof)},
		{eDoesSupport, []string{"y,,n=user,r=abc"}},
		{eNoBinding, []string{"p=tls-exporter,,n=user,r=abc"}},
		{eName, []string{"n,,n==,r=abc"}},
		{eOther, last("c=biws,r=other" + proof)},
		{eProof, []string{"n,,n=nobody,r=abc", "c=biws,r=abc" + m.server.Nonce + proof}},
	} {
		half, env := m.after(t, true, c.messages[:len(c.messages)-1]...)
		r, err := half.Next(env, Send(trace.Constant(c.messages[len(c.messages)-1])))
		if err != nil || r.Send.String() != "e="+c.value || r.Refused == nil || r.Done {
			t.Errorf("%q: %+v, %v, want e=%s", c.messages, r, err, c.value)
		}
		if _, err := half.Next(env, Send(trace.Constant(""))); err != error(r.Refused) {
			t.Errorf("%q: then %v", c.messages, err)
		}
		seen[c.value] = true
	}
	m.mechanism = "SCRAM-SHA-1-PLUS"
	half, env := m.after(t, true)
	if r, _ := half.Next(env, Send(trace.Constant("p=tls-unique,,n=user,r=abc"))); r.Send.String() != "e="+eBindingType {
		t.Errorf("%+v", r)
	}
	if seen["unknown-user"] || len(seen) != 8 {
		t.Errorf("%v", seen)
	}
	m.mechanism, m.credentials.Password.Text = "SCRAM-SHA-1", "wrong"
	got := m.talk(t)
	if !slices.Equal(got.lines[3:], []string{"S: e=invalid-proof", "C: "}) {
		t.Errorf("%q", got.lines)
	}
	wantFault(t, "wrong password", got.serverErr, Error{Refused, "AUTH-27", "wrong-password"})
}

// SCR-19: what is kept is not the password, and PLAIN can be checked against
// it (PLA-09 the other way round); AUTH-31: another hash function cannot.
func TestSCRAMStore(t *testing.T) {
	for _, stored := range []Stored{StoredSCRAM1, StoredSCRAM256, StoredSCRAM512} {
		store := newStore(t, Account{Name: "tim", Password: Secret{Text: "secret"}, Stored: stored})
		if err := store.Derive(&Env{}); err != nil {
			t.Fatal(err)
		}
		if e := store.entries["tim"]; bytes.Contains(slices.Concat(e.clear, e.verifier, e.scram.stored, e.scram.server, []byte(e.underived)), []byte("secret")) ||
			!e.account.Password.Withheld || len(e.scram.stored) != len(e.scram.server) || len(e.scram.stored) < 20 {
			t.Errorf("%s keeps %+v", stored, e)
		}
		for password, want := range map[string]bool{"secret": true, "Secret": false} {
			got := meeting{mechanism: "PLAIN", store: store, credentials: credentials("", "tim", password)}.talk(t)
			if got.result.Done != want {
				t.Errorf("%s: PLAIN with %q: %+v, %v", stored, password, got.result, got.serverErr)
			}
		}
		for _, m := range []string{"SCRAM-SHA-1", "SCRAM-SHA-256", "SCRAM-SHA-512", "CRAM-MD5"} {
			got := meeting{mechanism: m, store: store, credentials: credentials("", "tim", "secret")}.talk(t)
			if fits := storedFor(m) == stored; got.result.Done != fits || !fits && got.serverErr.(*Error).Kind != Transition {
				t.Errorf("%s with %s: %+v, %v", m, stored, got.result, got.serverErr)
			}
		}
	}
	huge := newStore(t, Account{Name: "tim", Password: Secret{Text: "secret"}, Stored: StoredSCRAM256, Iterations: 2_000_000_000})
	got := meeting{mechanism: "SCRAM-SHA-256", store: huge, credentials: credentials("", "tim", "secret")}.talk(t)
	wantFault(t, "a count that nobody computes", got.clientErr, Error{Peer, "SCR-08", "too-many-iterations"})
}

// SCR-03, Appendix B 15: what a client cannot say, nothing being sent.
func TestSCRAMClientRefuses(t *testing.T) {
	for _, c := range []struct {
		credentials  Credentials
		rule, reason string
	}{
		{credentials("", "", "x"), "SCR-03", "empty"}, {credentials("", "tim", ""), "SCR-03", "empty"},
		{credentials("", "tim\x07", "x"), "SCR-03", "not-prepared"}, {credentials("\xff", "tim", "x"), "SCR-03", "not-prepared"},
		{Credentials{Authcid: "tim", Password: Secret{Withheld: true}}, "", "withheld"},
	} {
		r, err := mechanism(t, "SCRAM-SHA-256").Client(c.credentials, ClientOptions{}).Next(testEnv(0, nil), Message{})
		wantFault(t, c.reason, err, Error{Local, c.rule, c.reason})
		if r.Send.Present {
			t.Errorf("%+v", r)
		}
	}
}

// SCR-19, trace: who knows what. A listener has the proof and both signatures'
// inputs, nobody but the client has the password and SaltedPassword, and only
// the server's store the keys.
func TestSCRAMWhoKnows(t *testing.T) {
	store := newStore(t, Account{Name: "tim", Password: Secret{Text: "secret"}, Stored: StoredSCRAM256})
	got := meeting{mechanism: "SCRAM-SHA-256", store: store, credentials: credentials("", "tim", "secret")}.talk(t)
	for label, want := range map[string]trace.Party{
		"password": trace.Client, "SaltedPassword": trace.Client, "ClientKey": trace.Client,
		"salt": trace.Everybody &^ trace.Store, "ClientProof": trace.Everybody &^ trace.Store, "AuthMessage": trace.Everybody &^ trace.Store,
	} {
		if known := find(t, got.clientSteps, label).Known; known != want {
			t.Errorf("the client's %s is known to %s, want %s", label, known, want)
		}
	}
	for label, want := range map[string]trace.Party{"stored-StoredKey": trace.Server | trace.Store, "recovered-ClientKey": trace.Server} {
		if known := find(t, got.serverSteps, label).Known; known != want {
			t.Errorf("the server's %s is known to %s, want %s", label, known, want)
		}
	}
}

// Nonces are fresh (SAS-08), and a name may hold what separates attributes.
func TestSCRAMNames(t *testing.T) {
	seen := map[string]bool{}
	for i, name := range []string{"a,b=c", "=", ",,", "=2C", "Ali Baba", `"\`, "jürgen"} {
		got := meeting{mechanism: "SCRAM-SHA-1", store: newStore(t, clearAccount(name, "pässwörd, =")), seed: byte(i),
			credentials: credentials("", name, "pässwörd, =")}.talk(t)
		if got.result.Authcid != name || got.serverErr != nil {
			t.Errorf("%q: %+v, %v", name, got.result, got.serverErr)
		}
		_, nonce, _ := strings.Cut(got.lines[0], ",r=")
		if octets, err := base64.StdEncoding.DecodeString(nonce); err != nil || len(octets) < 16 || seen[nonce] {
			t.Errorf("nonce %q", nonce)
		}
		seen[nonce] = true
	}
}
