package sasl

import (
	"bytes"
	"crypto/sha1"
	_ "embed"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"slices"
	"strings"
	"testing"

	"example.org/smtpauth/protocol/trace"
)

//go:embed testdata/srp.json
var srpFile []byte

// An srpVector is one row of testdata/srp.json. All octets are hexadecimal.
type srpVector struct {
	ID string `json:"id"`
	In struct {
		Username string `json:"username_utf8"`
		Authcid  string `json:"authcid_utf8"`
		Authzid  string `json:"authzid_utf8"`
		Password string `json:"password_utf8"`
		Salt     string `json:"salt_hex"`
		N        string `json:"N_hex"`
		G        byte   `json:"g"`
		A        string `json:"a_hex"`
		B        string `json:"b_hex"`
		Options  string `json:"L_utf8"`
		Chosen   string `json:"o_utf8"`
		ClientIV string `json:"cIV_hex"`
		ServerIV string `json:"sIV_hex"`
		Response []byte `json:"response_base64"`
	} `json:"in"`
	Steps map[string]string `json:"steps"`
	Out   struct {
		K        string   `json:"k_hex"`
		X        string   `json:"x_hex"`
		V        string   `json:"v_hex"`
		A        string   `json:"A_hex"`
		B        string   `json:"B_hex"`
		U        string   `json:"u_hex"`
		S        string   `json:"S_hex"`
		Key      string   `json:"K_hex"`
		M        string   `json:"M_hex"`
		Evidence string   `json:"server_evidence_hex"`
		M1       string   `json:"M1_hex"`
		M2       string   `json:"M2_hex"`
		Messages []string `json:"messages_hex"`
		Length   int      `json:"buffer_length"`
		User     string   `json:"U_utf8"`
		ActAs    string   `json:"I_utf8"`
	} `json:"out"`
}

// srpVectorOf finds a vector that must be there.
func srpVectorOf(t testing.TB, id string) srpVector {
	t.Helper()
	var groups map[string][]srpVector
	if err := json.Unmarshal(srpFile, &groups); err != nil {
		t.Fatal(err)
	}
	if n := len(groups["srp"]); n != 4 {
		t.Fatalf("%d vectors", n)
	}
	i := slices.IndexFunc(groups["srp"], func(v srpVector) bool { return v.ID == id })
	if i < 0 {
		t.Fatalf("no vector %q", id)
	}
	return groups["srp"][i]
}

func octetsOf(t testing.TB, digits string) trace.Value {
	return trace.Constant(fromHex(t, digits))
}

// srpAccount keeps what SRP needs, in the smallest group.
func srpAccount(name, password string) Account {
	return Account{Name: name, Password: Secret{Text: password}, Stored: StoredSRP, Group: 1024}
}

// RFC 5054 appendix B, both sides: SRP-6a. SRP-04: with the same numbers SRP-6
// and SRP-3 have another B, u and S.
func TestSRP6a(t *testing.T) {
	v := srpVectorOf(t, "srp-rfc5054-b")
	group, _ := srpGroupOf(1024)
	if hex.EncodeToString(group.n) != v.In.N || !bytes.Equal(group.g, []byte{v.In.G}) {
		t.Fatal("another group")
	}
	for _, sixA := range []bool{true, false} {
		rec := trace.NewRecorder(trace.Server)
		env := testEnv(0, rec)
		m := newSRPMath(env, trace.Value{Octets: group.n}, trace.Value{Octets: group.g}, sixA)
		x := srpSecret(env, trace.Constant(v.In.Username), trace.Constant(v.In.Password), octetsOf(t, v.In.Salt))
		verifier := m.verifier(env, x)
		a, b := octetsOf(t, v.In.A), octetsOf(t, v.In.B)
		public := rec.Number(trace.Power, "A", m.g, a, m.n)
		answer := m.public(env, verifier, b)
		u, ok := m.scramble(env, public, answer)
		server := m.serverSecret(env, public, verifier, u, b)
		steps := rec.Take()
		client := m.clientSecret(env, answer, a, u, x)
		if !ok || !bytes.Equal(client.Octets, server.Octets) {
			t.Errorf("6a %v: client %x, server %x", sixA, client.Octets, server.Octets)
		}
		wantOut(t, v.ID, steps, map[string]string{"x": v.Out.X, "v": v.Out.V, "A": v.Out.A})
		if sixA {
			wantOut(t, v.ID, steps, map[string]string{"k": v.Out.K, "B": v.Out.B, "u": v.Out.U, "S": v.Out.S})
			continue
		}
		for label, digits := range map[string]string{"B": v.Out.B, "u": v.Out.U, "S": v.Out.S} {
			if hex.EncodeToString(find(t, steps, label).Out.Octets) == digits {
				t.Errorf("%s is the same in SRP-6 and SRP-6a", label)
			}
		}
	}
}

// RFC 2945, which no mechanism here has, with the same inputs: x, v and A are
// the same, the rest is not (SRP-04).
func TestSRP3IsAnother(t *testing.T) {
	v, six := srpVectorOf(t, "srp-rfc2945"), srpVectorOf(t, "srp-rfc5054-b")
	number := func(digits string) *big.Int { return new(big.Int).SetBytes([]byte(fromHex(t, digits))) }
	n, g, ver, b := number(v.In.N), big.NewInt(int64(v.In.G)), number(v.Out.V), number(v.In.B)
	public := new(big.Int).Exp(g, b, n)
	public.Mod(public.Add(public, ver), n)
	hashed := sha1.Sum(public.Bytes())
	u := new(big.Int).SetBytes(hashed[:4])
	s := new(big.Int).Exp(ver, u, n)
	s.Exp(s.Mul(s, number(v.Out.A)), b, n)
	for _, c := range []struct {
		got              *big.Int
		want, six        string
		name             string
		sameInBothKindsX bool
	}{
		{public, v.Out.B, six.Out.B, "B", false}, {u, v.Out.U, six.Out.U, "u", false}, {s, v.Out.S, six.Out.S, "S", false},
		{number(v.Out.X), v.Out.X, six.Out.X, "x", true}, {ver, v.Out.V, six.Out.V, "v", true}, {number(v.Out.A), v.Out.A, six.Out.A, "A", true},
	} {
		if hex.EncodeToString(c.got.Bytes()) != c.want || (c.want == c.six) != c.sameInBothKindsX {
			t.Errorf("%s: %x, want %s; SRP-6a has %s", c.name, c.got, c.want, c.six)
		}
	}
	split := fromHex(t, v.Out.S)
	var even, odd []byte
	for i := range len(split) / 2 {
		even, odd = append(even, split[2*i]), append(odd, split[2*i+1])
	}
	e, o := sha1.Sum(even), sha1.Sum(odd)
	var key []byte // SHA_Interleave, RFC 2945 §3.1
	for i := range e {
		key = append(key, e[i], o[i])
	}
	quiet := testEnv(0, nil).Trace
	h := func(octets string) trace.Value { return quiet.Hash("", srpAlg, trace.Constant(octets)) }
	a, pub, k := octetsOf(t, v.Out.A), octetsOf(t, v.Out.B), trace.Value{Octets: key}
	m := quiet.Hash("", srpAlg, quiet.XOR("", h(fromHex(t, v.In.N)), h(string(v.In.G))), h(v.In.Username), octetsOf(t, v.In.Salt), a, pub, k)
	evidence := quiet.Hash("", srpAlg, a, m, k)
	if hex.EncodeToString(key) != v.Out.Key || hex.EncodeToString(m.Octets) != v.Out.M || hex.EncodeToString(evidence.Octets) != v.Out.Evidence {
		t.Errorf("K %x, M %x, %x", key, m.Octets, evidence.Octets)
	}
}

// pinned is a source of randomness that begins with these numbers, each in the
// room that the mechanism gives it.
func pinned(t testing.TB, private, iv string) io.Reader {
	number := fromHex(t, private)
	return strings.NewReader(strings.Repeat("\x00", srpPrivate-len(number)) + number + fromHex(t, iv))
}

// The recorded exchange, message by message and step by step, both halves:
// SRP-01, SRP-02, SRP-03, SRP-07, SRP-08, and mda=SHA-1 as received (SRP-09).
func TestSRPExchange(t *testing.T) {
	v := srpVectorOf(t, "srp-sasl-1")
	for _, stored := range []Stored{Clear, StoredSRP} {
		account := Account{Name: v.In.Authcid, Password: Secret{Text: v.In.Password}, Stored: stored, Salt: []byte(fromHex(t, v.In.Salt)), Group: 2048}
		clientRec, serverRec := trace.NewRecorder(trace.Client), trace.NewRecorder(trace.Server)
		client := mechanism(t, "SRP").Client(credentials(v.In.Authzid, v.In.Authcid, v.In.Password), ClientOptions{})
		server := mechanism(t, "SRP").Server(newStore(t, account), ServerOptions{})
		server.(noted).Exchange.(*srpServer).offer = v.In.Options
		clientEnv, serverEnv := testEnv(0, clientRec), testEnv(0, serverRec)
		clientEnv.Rand, serverEnv.Rand = pinned(t, v.In.A, v.In.ClientIV), pinned(t, v.In.B, v.In.ServerIV)
		if stored == Clear { // the secret of the store
			serverEnv.Rand = io.MultiReader(serverEnv.Rand, bytes.NewReader(make([]byte, secretLength)))
		}
		said := Message{}
		var got []string
		var last Result
		for range 3 {
			r, err := client.Next(clientEnv, said)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, hex.EncodeToString(r.Send.Octets))
			if last, err = server.Next(serverEnv, Send(serverRec.Received("line", r.Send.Octets, true))); err != nil {
				t.Fatal(err)
			}
			if last.Send.Present {
				got = append(got, hex.EncodeToString(last.Send.Octets))
				said = Send(clientRec.Received("line", last.Send.Octets, true))
			}
		}
		if want := append(slices.Clone(v.Out.Messages), ""); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", stored, got, want)
		}
		if !last.Done || last.Authcid != "tim" || last.Authzid != "tim" {
			t.Errorf("%s: %+v", stored, last)
		}
		clientSteps, serverSteps := clientRec.Take(), serverRec.Take()
		for _, side := range [][]trace.Step{clientSteps, serverSteps} {
			if err := trace.Check(side); err != nil {
				t.Error(err)
			}
			wantOut(t, v.ID, side, map[string]string{"u": v.Steps["u_hex"], "S": v.Steps["S_hex"], "K": v.Steps["K_hex"],
				"A": v.Steps["A_hex"], "B": v.Steps["B_hex"], "M1": v.Out.M1, "M2": v.Out.M2})
		}
		wantOut(t, v.ID, clientSteps, map[string]string{"x": v.Steps["x_hex"], "v": v.Steps["v_hex"], "k": "03",
			"a": strings.Repeat("00", srpPrivate-len(v.In.A)/2) + v.In.A})
		name := "stored-v"
		if stored == Clear {
			name = "v"
		}
		wantOut(t, v.ID, serverSteps, map[string]string{name: v.Steps["v_hex"]})
	}
}

// SRP-10, SRP-01: the draft's own first message is of an older layout, without
// sid and cn. It is a buffer all the same, and too short.
func TestSRPDraftExample(t *testing.T) {
	v := srpVectorOf(t, "srp-draft-example-message-1")
	r := readSRP(testEnv(0, nil), trace.Value{Octets: v.In.Response})
	user, as := r.text(""), r.text("")
	if n := binary.BigEndian.Uint32(v.In.Response); !r.whole() || user.String() != v.Out.User || as.String() != v.Out.ActAs || int(n) != v.Out.Length {
		t.Errorf("%q, %q, %d octets, whole %v", user, as, n, r.whole())
	}
	err := meeting{mechanism: "SRP", store: newStore(t, srpAccount("test", "test"))}.answer(t, string(v.In.Response))
	wantFault(t, v.ID, err, Error{Refused, "SRP-01", "malformed"})
}

// The groups of RFC 5054 appendix A: N and (N-1)/2 are prime, and g makes all
// numbers.
func TestSRPGroups(t *testing.T) {
	for i, g := range srpGroups {
		n := new(big.Int).SetBytes(g.n)
		half := new(big.Int).Rsh(n, 1)
		power := new(big.Int).Exp(new(big.Int).SetBytes(g.g), half, n)
		if n.BitLen() != g.bits || !n.ProbablyPrime(0) || !half.ProbablyPrime(0) || power.Add(power, big.NewInt(1)).Cmp(n) != 0 {
			t.Errorf("%d bits: %x", g.bits, g.n)
		}
		if SRPGroups()[i] != g.bits || g.bits > srpMaxBits || !srpGroupKnown(g.n, g.g) || srpGroupKnown(g.n, []byte{3}) {
			t.Errorf("%d bits is not known, or with another generator", g.bits)
		}
	}
	_, err := NewStore(testEnv(1, nil), []Account{{Name: "tim", Password: Secret{Text: "x"}, Stored: StoredSRP, Group: 512}})
	if fault, ok := err.(*AccountError); !ok || fault.Reason != "group" {
		t.Errorf("512 bits: %v", err)
	}
}

// element is one with its length.
func element(size int, octets string) string {
	return string(binary.BigEndian.AppendUint32(nil, uint32(len(octets)))[4-size:]) + octets
}

func buffer(elements ...string) string { return element(4, strings.Join(elements, "")) }

// What the server's first message may not hold is refused before anything is
// computed with it: SRP-01, SRP-05, SRP-06, SRP-09, LYR-08, SAS-09.
func TestSRPOffers(t *testing.T) {
	group, _ := srpGroupOf(1024)
	n, g, b := element(2, string(group.n)), element(2, string(group.g)), element(2, "\x05")
	salt, options := element(1, "salt"), element(2, "mda=sha-1")
	composite := bytes.Clone(group.n)
	composite[100] ^= 4
	twice := new(big.Int).SetBytes(group.n)
	twice.Lsh(twice, 1)
	malformed := Error{Peer, "SRP-01", "malformed"}
	for _, c := range []struct {
		what, offer string
		want        Error // none: the client answers
	}{
		{"good", buffer("\x00", n, g, salt, b, options), Error{}},
		{"no salt", buffer("\x00", n, g, element(1, ""), b, options), Error{}},
		{"more options", buffer("\x00", n, g, salt, b, element(2, "mda=md5,mda=SHA-1,integrity=hmac-sha-1,replay_detection")), Error{}},
		{"an older session", buffer("\xff", n, g, salt, b, options), malformed},
		{"B = 0", buffer("\x00", n, g, salt, element(2, ""), options), Error{Peer, "SRP-05", "zero-number"}},
		{"B = N", buffer("\x00", n, g, salt, n, options), Error{Peer, "SRP-05", "zero-number"}},
		{"B = 2N", buffer("\x00", n, g, salt, element(2, string(twice.Bytes())), options), Error{Peer, "SRP-05", "zero-number"}},
		{"a zero before B", buffer("\x00", n, g, salt, element(2, "\x00\x05"), options), malformed},
		{"B far above N", buffer("\x00", n, g, salt, element(2, strings.Repeat("x", 200)), options), malformed},
		{"composite N", buffer("\x00", element(2, string(composite)), g, salt, b, options), Error{Peer, "SRP-06", "unknown-group"}},
		{"N = 0", buffer("\x00", element(2, ""), g, salt, b, options), Error{Peer, "SRP-06", "unknown-group"}},
		{"another g", buffer("\x00", n, element(2, "\x03"), salt, b, options), Error{Peer, "SRP-06", "unknown-group"}},
		{"N of 8192 bits", buffer("\x00", element(2, strings.Repeat("x", 1024)), g, salt, b, options), Error{Peer, "SRP-06", "group-too-large"}},
		{"no hash function", buffer("\x00", n, g, salt, b, element(2, "mda=md5")), Error{Peer, "SRP-09", "no-hash"}},
		{"no options", buffer("\x00", n, g, salt, b, element(2, "")), Error{Peer, "SRP-09", "no-hash"}},
		{"white space", buffer("\x00", n, g, salt, b, element(2, " mda=sha-1")), Error{Peer, "SRP-09", "no-hash"}},
		{"a layer demanded", buffer("\x00", n, g, salt, b, element(2, "mda=sha-1,integrity=hmac-md5,mandatory=integrity")), Error{Peer, "SRP-09", "no-qop"}},
		{"options not UTF-8", buffer("\x00", n, g, salt, b, element(2, "\xff")), malformed},
		{"more behind", buffer("\x00", n, g, salt, b, options, "x"), malformed},
		{"a length too long", "\xff\xff\xff\xff\x00", malformed},
		{"a number too long", buffer("\x00", "\xff\xff"), malformed},
		{"nothing inside", buffer(), malformed}, {"nothing", "", malformed}, {"three octets", "\x00\x00\x00", malformed},
	} {
		client, env := mechanism(t, "SRP").Client(credentials("", "tim", "secret"), ClientOptions{}), testEnv(0, nil)
		if _, err := client.Next(env, Message{}); err != nil {
			t.Fatal(err)
		}
		r, err := client.Next(env, Send(trace.Constant(c.offer)))
		if c.want == (Error{}) {
			if err != nil || !r.Send.Present {
				t.Errorf("%s: %v", c.what, err)
			}
			continue
		}
		wantFault(t, c.what, err, c.want)
	}
}

// SRP-05: A = 0, N, 2N; SRP-01, SRP-02, SRP-09: what else a client may not say.
// SRP-07: who is refused gets no octet of M2.
func TestSRPServerRefuses(t *testing.T) {
	store := newStore(t, srpAccount("tim", "secret"))
	group, _ := srpGroupOf(1024)
	twice := new(big.Int).SetBytes(group.n)
	twice.Lsh(twice, 1)
	first := buffer(element(2, "tim"), element(2, ""), element(2, ""), element(1, ""))
	m1, o, iv := element(1, strings.Repeat("m", 20)), element(2, "mda=sha-1"), element(1, "")
	zero, malformed := Error{Refused, "SRP-05", "zero-number"}, Error{Refused, "SRP-01", "malformed"}
	for _, c := range []struct {
		what, first, second string
		want                Error
	}{
		{"A = 0", first, buffer(element(2, ""), m1, o, iv), zero},
		{"A = N", first, buffer(element(2, string(group.n)), m1, o, iv), zero},
		{"A = 2N", first, buffer(element(2, string(twice.Bytes())), m1, o, iv), zero},
		{"A with a zero before it", first, buffer(element(2, "\x00\x05"), m1, o, iv), malformed},
		{"A far above N", first, buffer(element(2, strings.Repeat("x", 200)), m1, o, iv), malformed},
		{"M1 wrong", first, buffer(element(2, "\x05"), m1, o, iv), Error{Refused, "AUTH-27", "wrong-password"}},
		{"M1 empty", first, buffer(element(2, "\x05"), element(1, ""), o, iv), Error{Refused, "AUTH-27", "wrong-password"}},
		{"M1 over-long", first, buffer(element(2, "\x05"), element(1, strings.Repeat("m", 255)), o, iv), Error{Refused, "AUTH-27", "wrong-password"}},
		{"another hash function", first, buffer(element(2, "\x05"), m1, element(2, "mda=md5"), iv), Error{Refused, "SRP-09", "malformed"}},
		{"no hash function", first, buffer(element(2, "\x05"), m1, element(2, ""), iv), Error{Refused, "SRP-09", "malformed"}},
		{"more behind", first, buffer(element(2, "\x05"), m1, o, iv, iv), malformed},
		{"no IV", first, buffer(element(2, "\x05"), m1, o), malformed},
		{"nothing", first, "", malformed},
		{"no name", buffer(element(2, ""), element(2, ""), element(2, ""), element(1, "")), "", Error{Refused, "SAS-03", "empty"}},
		{"a control character", buffer(element(2, "\x07"), element(2, ""), element(2, ""), element(1, "")), "", Error{Refused, "SAS-03", "not-prepared"}},
		{"an identity that cannot be", buffer(element(2, "tim"), element(2, "\x07"), element(2, ""), element(1, "")), "", Error{Refused, "SAS-03", "not-prepared"}},
		{"a name not UTF-8", buffer(element(2, "\xff"), element(2, ""), element(2, ""), element(1, "")), "", malformed},
		{"an empty message", "", "", malformed},
	} {
		server, env := mechanism(t, "SRP").Server(store, ServerOptions{}), testEnv(0, nil)
		r, err := server.Next(env, Send(trace.Constant(c.first)))
		if err == nil {
			r, err = server.Next(env, Send(trace.Constant(c.second)))
		}
		if wantFault(t, c.what, err, c.want); r.Send.Present { // SRP-07
			t.Errorf("%s: %q", c.what, r.Send)
		}
	}
	got := meeting{mechanism: "SRP", store: store, credentials: credentials("", "tim", "secreT")}.talk(t)
	wantFault(t, "wrong password", got.serverErr, Error{Refused, "AUTH-27", "wrong-password"})
	for _, s := range got.serverSteps {
		if s.Label == "M2" {
			t.Error("SRP-07: M2 was computed")
		}
	}
	got = meeting{mechanism: "SRP", store: store, credentials: credentials("", "tim", "secret"), client: ClientOptions{SRP: SRPOptions{SRP6a: true}}}.talk(t)
	wantFault(t, "SRP-04: 6a against 6", got.serverErr, Error{Refused, "AUTH-27", "wrong-password"})
}

// SRP-08: a wrong M2.
func TestSRPImpostor(t *testing.T) {
	m := meeting{mechanism: "SRP", store: newStore(t, srpAccount("tim", "secret")), credentials: credentials("", "tim", "secret")}
	m.tamper = func(n int, octets []byte) []byte {
		if n == 3 {
			octets[5] ^= 1 // the first octet of M2
		}
		return octets
	}
	got := m.talk(t)
	wantFault(t, "one bit", got.clientErr, Error{Impostor, "SRP-08", "wrong-signature"})
	if got.clientResult.Done {
		t.Error("the client is content")
	}
}

// Names and passwords of every kind, in every group, with what is kept for SRP
// and with the password itself; SRP-6a too.
func TestSRPNames(t *testing.T) {
	for i, name := range []string{"tim", `ti"m`, "a,b=c", "Ali Baba", ":", "борис", "j\u00fcrgen", strings.Repeat("x", 300)} {
		account := srpAccount(name, `p"\,:ä`)
		account.Group = SRPGroups()[i%2]
		for _, stored := range []Stored{Clear, StoredSRP} {
			account.Stored, account.ActAs = stored, []string{"office"}
			m := meeting{mechanism: "SRP", store: newStore(t, account), credentials: credentials("office", name, `p"\,:ä`), seed: byte(i),
				client: ClientOptions{SRP: SRPOptions{SRP6a: i%2 == 1}}, server: ServerOptions{SRP: SRPOptions{SRP6a: i%2 == 1}}, noInitial: i%3 == 0}
			if got := m.talk(t); got.result.Authcid != name || got.result.Authzid != "office" || !got.clientResult.Checked {
				t.Errorf("%q, %s: %v, %v", name, stored, got.serverErr, got.clientErr)
			}
		}
		m := meeting{mechanism: "PLAIN", store: newStore(t, account), credentials: credentials("", name, `p"\,:ä`)}
		if got := m.talk(t); !got.result.Done {
			t.Errorf("PLAIN, %q: %v", name, got.serverErr)
		}
	}
	for what, c := range map[string]Credentials{
		"empty": credentials("", "tim", ""), "not-prepared": credentials("", "\x07", "x"),
	} {
		_, err := mechanism(t, "SRP").Client(c, ClientOptions{}).Next(testEnv(0, nil), Message{})
		wantFault(t, what, err, Error{Local, "SAS-03", what})
	}
	_, err := mechanism(t, "SRP").Client(credentials("", strings.Repeat("x", srpMaxText+1), "x"), ClientOptions{}).Next(testEnv(0, nil), Message{})
	wantFault(t, "a name of 64 KiB", err, Error{Local, "SRP-01", "malformed"})
}

// AUTH-31, AUTH-27, SCR-18: what is stored otherwise is told from what is not
// stored only after the proof; before it a name that is not there has a group,
// a salt and a B like the others, and the same salt each time.
func TestSRPUnknown(t *testing.T) {
	store := newStore(t, srpAccount("tim", "secret"), hashedAccount("hashed", "secret"))
	for name, want := range map[string]Error{
		"hashed": {Transition, "AUTH-31", "other-verifier"}, "nobody": {Refused, "AUTH-27", "unknown-user"},
	} {
		var salts []string
		for seed := range byte(2) {
			got := meeting{mechanism: "SRP", store: store, credentials: credentials("", name, "secret"), seed: seed}.talk(t)
			wantFault(t, name, got.serverErr, want)
			salts = append(salts, find(t, got.clientSteps, "salt").Out.String())
		}
		if salts[0] != salts[1] || len(salts[0]) != saltLength {
			t.Errorf("%s: salts %x", name, salts)
		}
	}
}

// Who listens to all of it knows neither x, v, S nor K; the server that keeps v
// never learns x, and its store does not hold S.
func TestSRPKnown(t *testing.T) {
	got := meeting{mechanism: "SRP", store: newStore(t, srpAccount("tim", "secret")), credentials: credentials("", "tim", "secret")}.talk(t)
	for label, want := range map[string]trace.Party{
		"x": trace.Client, "v": trace.Client, "a": trace.Client, "S": trace.Client, "K": trace.Client,
		"A": trace.Client | trace.Server | trace.Wire, "B": trace.Client | trace.Server | trace.Wire, "N": trace.Client | trace.Server | trace.Wire,
		"k": trace.Everybody, "M1": trace.Client | trace.Server | trace.Wire,
	} {
		if s := find(t, got.clientSteps, label); s.Known != want {
			t.Errorf("client: %s is known to %s, want %s", label, s.Known, want)
		}
	}
	for label, want := range map[string]trace.Party{
		"stored-v": trace.Server | trace.Store, "b": trace.Server, "S": trace.Server, "K": trace.Server,
		"u": trace.Client | trace.Server | trace.Wire, "M2": trace.Client | trace.Server | trace.Wire, "stored-salt": trace.Client | trace.Server | trace.Store | trace.Wire,
	} {
		if s := find(t, got.serverSteps, label); s.Known != want {
			t.Errorf("server: %s is known to %s, want %s", label, s.Known, want)
		}
	}
	for _, s := range got.serverSteps {
		if s.Label == "x" || s.Label == "v" {
			t.Errorf("the server has %s", s.Label)
		}
	}
}

// BenchmarkSRP is a whole exchange, both halves, without recorders.
func BenchmarkSRP(b *testing.B) {
	for _, bits := range SRPGroups() {
		account := srpAccount("tim", "secret")
		account.Group = bits
		m := meeting{mechanism: "SRP", store: newStore(b, account), credentials: credentials("", "tim", "secret"), quiet: true}
		b.Run(fmt.Sprint(bits), func(b *testing.B) {
			for b.Loop() {
				m.talk(b)
			}
		})
	}
}
