package kerberos

import (
	"bytes"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"example.org/smtpauth/protocol/trace"
)

//go:embed testdata/gssapi.json
var vectorFile []byte

// A vector is one row of it. All octets are hexadecimal.
type vector struct {
	ID string `json:"id"`
	In struct {
		Inner       string `json:"inner_hex"`
		Text        string `json:"text"`
		Password    string `json:"password_utf8"`
		Salt        string `json:"salt_utf8"`
		Iterations  int    `json:"iterations"`
		UserPass    string `json:"user_password_utf8"`
		ServicePass string `json:"service_password_utf8"`
		User        string `json:"user"`
		Realm       string `json:"realm"`
	} `json:"in"`
	Out struct {
		Token     string `json:"token_hex"`
		Value     string `json:"value_hex"`
		PBKDF2128 string `json:"pbkdf2_128_hex"`
		AES128    string `json:"aes128_key_hex"`
		PBKDF2256 string `json:"pbkdf2_256_hex"`
		AES256    string `json:"aes256_key_hex"`
	} `json:"out"`
	Steps struct {
		ClientKey  string `json:"client_long_term_key_hex"`
		ServiceKey string `json:"service_key_hex"`
	} `json:"steps"`
}

func unhex(t testing.TB, digits string) []byte {
	t.Helper()
	b, err := hex.DecodeString(digits)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Rows krb5-nfold, krb5-s2k-*, gssapi-token-framing (GSS-01), and the two keys
// of gssapi-recorded-exchange.
func TestVectors(t *testing.T) {
	var groups map[string][]vector
	if err := json.Unmarshal(vectorFile, &groups); err != nil {
		t.Fatal(err)
	}
	keys, met := 0, map[string]bool{}
	key := func(id, password, salt string, iterations int, stretched, want string) {
		keys++
		rec := trace.NewRecorder(trace.Client)
		got, err := StringToKey(rec, "key", rec.Text("password", password, 0), trace.Constant(salt), iterations, len(want)/2)
		steps := rec.Take()
		if err != nil || hex.EncodeToString(got.Octets) != want {
			t.Errorf("%s: %x, %v, want %s", id, got.Octets, err, want)
		}
		if made := hex.EncodeToString(steps[1].Out.Octets); stretched != "" && made != stretched {
			t.Errorf("%s: PBKDF2 gives %s, want %s", id, made, stretched)
		}
		if err := trace.Check(steps); err != nil {
			t.Errorf("%s: %v", id, err)
		}
	}
	for _, v := range groups["gssapi"] {
		switch {
		case v.Out.AES128 != "":
			key(v.ID, v.In.Password, v.In.Salt, v.In.Iterations, v.Out.PBKDF2128, v.Out.AES128)
			key(v.ID, v.In.Password, v.In.Salt, v.In.Iterations, v.Out.PBKDF2256, v.Out.AES256)
		case v.Steps.ClientKey != "":
			key(v.ID, v.In.UserPass, v.In.Realm+v.In.User, defaultIterations, "", v.Steps.ClientKey)
			key(v.ID, v.In.ServicePass, v.In.Realm+"smtpmail.example.org", defaultIterations, "", v.Steps.ServiceKey)
		case v.In.Text != "":
			met[v.ID] = true
			rec := trace.NewRecorder(trace.Client)
			rec.DeriveKey("key", trace.Value{Octets: make([]byte, 16)}, trace.Constant(v.In.Text))
			if fold := rec.Take()[0].Sub[0].Out.Octets; !bytes.Equal(fold, unhex(t, v.Out.Value)) {
				t.Errorf("%s: %x", v.ID, fold)
			}
		case v.In.Inner != "":
			met[v.ID] = true
			inner := unhex(t, v.In.Inner)
			if string(inner[:2]) != idAPReq {
				t.Fatalf("%s: %x", v.ID, inner)
			}
			got := frame(nil, "", idAPReq, der{{Octets: inner[2:]}})
			if !bytes.Equal(got.Octets, unhex(t, v.Out.Token)) {
				t.Errorf("%s: %x", v.ID, got.Octets)
			}
			if r, ok := unframe(nil, got, idAPReq); !ok || r.end-r.at != len(inner)-2 {
				t.Errorf("%s is not read back", v.ID)
			}
		}
	}
	if keys != 8 || len(met) != 2 {
		t.Errorf("%d keys, %v", keys, met)
	}
}

// DER's integers and lengths, there and back.
func TestDER(t *testing.T) {
	for n, want := range map[int64]string{0: "020100", 127: "02017f", 128: "02020080", 255: "020200ff", -1: "0201ff", -128: "020180", 1 << 31: "02050080000000", 4096: "02021000"} {
		got := number(n).value(nil, "")
		if hex.EncodeToString(got.Octets) != want {
			t.Errorf("%d is written %x, want %s", n, got.Octets, want)
		}
		r := read(nil, got)
		if back := r.number(); back != n || *r.wrong {
			t.Errorf("%s is read %d, %v", want, back, *r.wrong)
		}
	}
	for _, n := range []int{0, 1, 127, 128, 255, 256, 65535, 65536} {
		v := octets(trace.Value{Octets: make([]byte, n)}).value(nil, "")
		r := read(nil, v)
		from, to := r.next(tagOctets)
		if r.ends(); n < 65536 && (*r.wrong || to-from != n) {
			t.Errorf("%d octets are read as %d, %v", n, to-from, *r.wrong)
		}
	}
}

// What is not DER, or goes beyond the message, is not read.
func TestReader(t *testing.T) {
	for _, c := range []string{"", "\x30", "\x30\x01", "\x30\x80", "\x30\x81\x01\x00", "\x30\x81", "\x30\x82\x00\x80" + strings.Repeat("a", 128),
		"\x30\x84\x00\x00\x00\x01\x00", "\x30\xff\xff", "\x31\x00"} {
		r := read(nil, trace.Constant(c))
		if r.next(tagSequence); !*r.wrong {
			t.Errorf("%q is read", c)
		}
		if r.has(tagSequence) || r.cut("", tagSequence).Octets != nil || r.raw("", tagSequence).Octets != nil {
			t.Errorf("%q: something is read after a fault", c)
		}
	}
	for _, c := range []string{"\xa0\x00", "\xa0\x06\x02\x01\x05\x02\x01\x05", "\xa0\x03\x02\x01", "\xa0\x02\x02\x00", "\xa0\x08\x02\x06\x01\x02\x03\x04\x05\x06"} {
		r := read(nil, trace.Constant(c))
		if r.field(0).number(); !*r.wrong {
			t.Errorf("%q is read", c)
		}
	}
}

// A wrapped message turned by any number of octets is turned back (RFC 4121
// §4.2.5); in every other way it has to be what was sent.
func TestUnwrap(t *testing.T) {
	w := Wrapping{Key: trace.Value{Octets: make([]byte, 32)}, Acceptor: true, Subkey: true, Sequence: trace.Constant("\x00\x81\x02\x03\x04")}
	token := w.Wrap(nil, trace.Constant("text of 15 octs")).Octets
	if want := "050405ff000c00000000000081020304"; hex.EncodeToString(token[:16]) != want {
		t.Fatalf("%x, want %s", token[:16], want)
	}
	body := token[wrapHeader:]
	for turns := range 2 * len(body) {
		turned := bytes.Clone(token)
		turned[7] = byte(turns)
		n := len(body) - turns%len(body)
		copy(turned[wrapHeader:], append(bytes.Clone(body[n:]), body[:n]...))
		rec := trace.NewRecorder(trace.Client)
		text, ok, holds := w.Unwrap(rec, rec.Given("token", turned, 0))
		if !ok || !holds || text.String() != "text of 15 octs" {
			t.Errorf("turned by %d: %q, %v, %v", turns, text, ok, holds)
		}
		if err := trace.Check(rec.Take()); err != nil {
			t.Fatal(err)
		}
	}
	for i := range token {
		changed := bytes.Clone(token)
		changed[i] ^= 1
		if _, ok, holds := w.Unwrap(nil, trace.Value{Octets: changed}); ok && holds {
			t.Errorf("octet %d changed, and nobody noticed", i)
		}
		if _, ok, _ := w.Unwrap(nil, trace.Value{Octets: token[:i]}); ok && i < wrapHeader+tagLength {
			t.Errorf("%d octets are taken", i)
		}
	}
	other := w
	other.Acceptor = false
	if _, ok, _ := other.Unwrap(nil, trace.Value{Octets: token}); ok {
		t.Error("a message comes back to its sender")
	}
	negative := w
	negative.Sequence = trace.Constant("\xff")
	if got := negative.Wrap(nil, trace.Value{}).Octets[8:16]; hex.EncodeToString(got) != "00000000ffffffff" {
		t.Errorf("-1 is written %x", got)
	}
}

func TestRealmOf(t *testing.T) {
	for host, want := range map[string]string{"mail.example.org": "EXAMPLE.ORG", "a.b.c": "B.C", "localhost": "LOCALHOST", "": ""} {
		if got := RealmOf(host); got != want {
			t.Errorf("RealmOf(%q) = %q, want %q", host, got, want)
		}
	}
}

// centre is a key distribution centre that knows tim.
func centre() *KDC {
	return &KDC{Realm: "EXAMPLE.ORG", Host: "mail.example.org", Key: bytes.Repeat([]byte{1}, KeyLength),
		Users: map[string]string{"tim": "tanstaaftanstaaf"}, Rand: rand.NewChaCha8([32]byte{}), Now: noon}
}

func noon() time.Time { return time.Date(2026, 11, 21, 12, 0, 0, 123_456_789, time.UTC) }

// What is no question, or not for this centre, gets an error.
func TestKDCRefuses(t *testing.T) {
	ask := func(realm, user, host string) []byte {
		return RequestTicket(nil, trace.Constant(realm), User(trace.Constant(user)), Host(trace.Constant(Service), trace.Constant(host)),
			noon().Add(time.Hour), trace.Constant("\x05")).Octets
	}
	good := ask("EXAMPLE.ORG", "tim", "mail.example.org")
	for name, c := range map[string]struct {
		question []byte
		want     int64
	}{
		"good":         {good, 0},
		"another user": {ask("EXAMPLE.ORG", "ursel", "mail.example.org"), ErrClientUnknown},
		"another host": {ask("EXAMPLE.ORG", "tim", "example.org"), ErrServiceUnknown},
		"other realm":  {ask("EXAMPLE.COM", "tim", "mail.example.org"), ErrServiceUnknown},
		"empty":        {nil, ErrGeneric},
		"cut":          {good[:len(good)-1], ErrGeneric},
		"longer":       {append(bytes.Clone(good), 0), ErrGeneric},
	} {
		answer, err := centre().Answer(c.question)
		if err != nil {
			t.Fatal(err)
		}
		if _, code := ReadGrant(nil, trace.Value{Octets: answer}); code != c.want {
			t.Errorf("%s: %d, want %d", name, code, c.want)
		}
	}
	k := centre()
	k.Rand = bytes.NewReader(nil)
	if _, err := k.Answer(good); err == nil {
		t.Error("no randomness, and no error")
	}
}

// What was learnt before the question does not change the answer.
func TestKDCLearns(t *testing.T) {
	question := RequestTicket(nil, trace.Constant("EXAMPLE.ORG"), User(trace.Constant("tim")), Host(trace.Constant(Service), trace.Constant("mail.example.org")),
		noon().Add(time.Hour), trace.Constant("\x05")).Octets
	plain, _ := centre().Answer(question)
	k := centre()
	if err := k.Learn("nobody"); err != nil || len(k.keys) != 0 {
		t.Errorf("%d keys, %v", len(k.keys), err)
	}
	if err := k.Learn("tim"); err != nil || len(k.keys) != 1 {
		t.Errorf("%d keys, %v", len(k.keys), err)
	}
	if learnt, err := k.Answer(question); err != nil || len(plain) == 0 || !bytes.Equal(learnt, plain) {
		t.Errorf("%x, %v, want %x", learnt, err, plain)
	}
}

// The same seed and clock give the same answer.
func TestKDCRepeats(t *testing.T) {
	question := RequestTicket(nil, trace.Constant("EXAMPLE.ORG"), User(trace.Constant("tim")), Host(trace.Constant(Service), trace.Constant("mail.example.org")),
		noon().Add(time.Hour), trace.Constant("\x05")).Octets
	first, _ := centre().Answer(question)
	second, _ := centre().Answer(question)
	if len(first) == 0 || !bytes.Equal(first, second) {
		t.Errorf("%x, then %x", first, second)
	}
	a, errA := NewServiceKey([]byte("seed"), "A")
	b, errB := NewServiceKey([]byte("seed"), "B")
	if again, _ := NewServiceKey([]byte("seed"), "A"); errA != nil || errB != nil || len(a) != KeyLength || bytes.Equal(a, b) || !bytes.Equal(a, again) {
		t.Errorf("%x, %x", a, b)
	}
}

// Answers and tokens from anybody are read without a panic, the same with and
// without a recorder.
func FuzzRead(f *testing.F) {
	question := RequestTicket(nil, trace.Constant("EXAMPLE.ORG"), User(trace.Constant("tim")), Host(trace.Constant(Service), trace.Constant("mail.example.org")),
		noon().Add(time.Hour), trace.Constant("\x05")).Octets
	answer, _ := centre().Answer(question)
	f.Add(question)
	f.Add(answer)
	f.Add(centre().refuse(ErrGeneric))
	for _, token := range []string{"6082000a", "601106092a864886f712010202010000000000"} {
		f.Add(unhex(f, token))
	}
	now := trace.Value{Octets: timeOctets(noon())}
	f.Add(ticketPart(trace.Value{Octets: make([]byte, 16)}, trace.Constant("A"), User(trace.Constant("tim")), now, now).value(nil, "").Octets)
	key := trace.Value{Octets: make([]byte, 16)}
	sealed := func(purpose uint32, message []byte) Sealed {
		return Sealed{EType: etypeOf(len(key.Octets)), Cipher: seal(nil, "", key, purpose, make([]byte, blockLength), trace.Value{Octets: message})}
	}
	f.Fuzz(func(t *testing.T, message []byte) {
		var codes [2]int64
		for i, rec := range []*trace.Recorder{nil, trace.NewRecorder(trace.Client)} {
			v := rec.Given("message", message, 0)
			_, codes[i] = ReadGrant(rec, v)
			if q, ok := ReadRequest(rec, v); ok {
				q.Ticket.Open(rec, key)
				q.Open(rec, key)
			}
			ReadProof(rec, v, key)
			// The same as what somebody with the key has sealed.
			Ticket{Sealed: sealed(forTicket, message)}.Open(rec, key)
			Request{sealed: sealed(forAuthenticator, message)}.Open(rec, key)
			Grant{sealed: sealed(forASRep, message)}.Open(rec, key, trace.Constant("\x05"), User(trace.Constant("tim")))
			proof := sealedDER(len(key.Octets), sealed(forAPRep, message).Cipher)
			ReadProof(rec, frame(nil, "", idAPRep, application(typeAPRep, sequence(field(0, number(version)), field(1, number(typeAPRep)), field(2, proof)))), key)
			Wrapping{Key: key}.Unwrap(rec, v)
			if err := trace.Check(rec.Take()); err != nil {
				t.Fatal(err)
			}
		}
		if codes[0] != codes[1] {
			t.Fatalf("%v", codes)
		}
		k := centre()
		k.Iterations = 1
		if _, err := k.Answer(message); err != nil {
			t.Fatal(err)
		}
	})
}
