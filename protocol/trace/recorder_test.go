package trace

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// Concat and Cut keep where each range came from; equal octets elsewhere do
// not matter.
func TestOrigins(t *testing.T) {
	r := NewRecorder(Client)
	a, b := r.Text("a", "abc", 0), r.Text("b", "abc", 0) // steps 1, 2
	ab := r.Concat("ab", a, Constant("-"), b)            // 3: abc-abc
	middle := r.Cut("middle", ab, 2, 6)                  // 4: c-ab
	again := r.Concat("again", r.Cut("c", ab, 0, 2), r.Cut("d", ab, 2, 3), Constant(""))
	x := r.XOR("x", a, b)
	for _, c := range []struct {
		v    Value
		want []Part
	}{
		{a, []Part{{1, 0, 3}}},
		{ab, []Part{{1, 0, 3}, {3, 3, 1}, {2, 0, 3}}},
		{middle, []Part{{1, 2, 1}, {3, 3, 1}, {2, 0, 2}}},
		{again, []Part{{1, 0, 3}}},
		{r.Cut("nothing", ab, 1, 1), nil},
		{r.Sent("line", middle, true), []Part{{1, 2, 1}, {3, 3, 1}, {2, 0, 2}}},
		{x, []Part{{8, 0, 3}}},
	} {
		if !reflect.DeepEqual(c.v.Parts, c.want) {
			t.Errorf("%q is from %v, want %v", c.v, c.v.Parts, c.want)
		}
	}
	taken(t, r)
}

// Octets of a value without origin originate in the step that took them in.
func TestOriginless(t *testing.T) {
	r := NewRecorder(Server)
	cut := r.Cut("cut", Value{Octets: []byte("abc")}, 1, 3)
	sent := r.Sent("sent", Value{Octets: []byte("abc")}, true)
	if cut.Parts[0] != (Part{1, 0, 2}) || sent.Parts[0] != (Part{2, 0, 3}) {
		t.Errorf("Cut: %v, Sent: %v", cut.Parts, sent.Parts)
	}
	taken(t, r)
}

// IDs go on rising, sub-steps included; steps are taken once.
func TestTake(t *testing.T) {
	r := NewRecorder(Client)
	r.HMAC("digest", MD5, r.Text("key", "k", 0), r.Text("text", "t", 0))
	first := r.Take()
	if again := r.Take(); len(again) != 0 {
		t.Errorf("the second Take has %d steps", len(again))
	}
	v := r.Text("more", "m", 0)
	all := append(first, r.Take()...)
	if err := Check(all); err != nil {
		t.Error(err)
	}
	if len(all) != 4 || all[3].ID != v.Parts[0].Step {
		t.Errorf("%d steps", len(all))
	}
}

func TestKnown(t *testing.T) {
	r := NewRecorder(Server)
	password := r.Text("password", "secret", Client|Store)
	salt := r.Text("salt", "salt", Store)
	challenge := r.Text("challenge", "<challenge>", 0)
	line := r.Received("line", []byte("tim secret"), true)
	hidden := r.Received("hidden", []byte("tim secret"), false)
	r.HMAC("digest", MD5, password, challenge)
	r.Concat("both", password, salt)
	r.Cut("name", line, 0, 3)
	r.Hash("listened", MD5, line)
	r.Cut("unheard", hidden, 0, 3)
	r.Compare("compare", line, password)
	r.Concat("punctuation", Constant("<"), Constant(">"))
	steps := taken(t, r)
	for label, want := range map[string]Party{
		"password":    Client | Server | Store,
		"salt":        Server | Store,
		"challenge":   Server,
		"line":        Client | Server | Wire,
		"hidden":      Client | Server,
		"digest":      Server,
		"key-block":   Client | Server | Store,
		"inner-hash":  Server,
		"both":        Server | Store,
		"name":        Client | Server | Wire,
		"listened":    Client | Server | Wire,
		"unheard":     Client | Server,
		"compare":     Server,
		"punctuation": Everybody,
	} {
		if got := one(t, steps, label).Known; got != want {
			t.Errorf("%s is known to %q, want %q", label, got, want)
		}
	}
}

// What is sent is known, and what can be read back from it: through base64,
// hexadecimal, joining and cutting, not through a hash.
func TestKnownSent(t *testing.T) {
	for _, open := range []bool{true, false} {
		r := NewRecorder(Client)
		name, password := r.Text("name", "tim", 0), r.Text("password", "secret", 0)
		digest := r.HMAC("digest", MD5, password, r.Received("challenge", []byte("<c>"), open))
		digits := r.Hex("digits", digest)
		response := r.Concat("response", name, Constant(" "), digits)
		spelling, err := r.Unbase64("spelling", r.Base64("inner", r.Base64("line", response)))
		if err != nil {
			t.Fatal(err)
		}
		unsent := r.Base64("unsent", password)
		early := r.Hex("early", name)
		r.Sent("sent", spelling, open)
		late := r.Hex("late", name)
		steps := taken(t, r)
		heard := Client | Server
		if open {
			heard |= Wire
		}
		for label, want := range map[string]Party{
			"name": heard, "digest": heard, "outer-hash": heard, "digits": heard, "response": heard,
			"inner": heard, "line": heard, "spelling": heard, "sent": heard, "late": heard,
			"password": Client, "unsent": Client, "inner-hash": Client, "key-block": Client, "early": Client,
		} {
			if got := one(t, steps, label).Known; got != want {
				t.Errorf("open %v: %s is known to %q, want %q", open, label, got, want)
			}
		}
		if len(unsent.Octets) == 0 || early.String() != late.String() {
			t.Error("values are missing")
		}
		for _, s := range find(steps, "group") {
			if want := strings.Contains("c2VjcmV0", s.Out.String()); want == (s.Known == heard) {
				t.Errorf("open %v: group %q is known to %q", open, s.Out, s.Known)
			}
		}
	}
}

// Somebody in the middle of TLS knows what is sent and received, in the open or
// not, and the constants; without one, nothing is known to him.
func TestKnownInTheMiddle(t *testing.T) {
	for _, tapped := range []bool{true, false} {
		for _, open := range []bool{true, false} {
			r := NewRecorder(Server)
			if tapped {
				r.Tap()
			}
			password, salt := r.Text("password", "secret", Store), r.Text("salt", "s", 0)
			received := r.Received("received", []byte("n=tim"), open)
			r.Cut("name", received, 2, 5)
			r.Hash("key", MD5, password, salt)
			r.Sent("sent", r.Base64("line", salt), open)
			r.Concat("exchange", received, salt)
			r.Hash("constant", MD5, Constant("x"))
			r.Text("modulus", "N", Everybody)
			steps := taken(t, r)
			for label, want := range map[string]bool{
				"received": true, "name": true, "line": true, "salt": true, "exchange": true, "constant": true, "modulus": true,
				"password": false, "key": false,
			} {
				known := one(t, steps, label).Known
				if got := known&Middle != 0; got != (want && tapped) {
					t.Errorf("tapped %v, open %v: %s is known in the middle: %v", tapped, open, label, got)
				}
				if heard := known&Wire != 0; heard && tapped && known&Middle == 0 {
					t.Errorf("open %v: a listener knows %s, and he in the middle does not", open, label)
				}
			}
		}
	}
}

// Who hears a part knows the part and nothing else.
func TestKnownPart(t *testing.T) {
	r := NewRecorder(Client)
	secret := r.Text("secret", "abcdefghi", 0)
	b := r.Base64("spelling", secret)
	r.Cut("heard", secret, 4, 5)                              // in the group def
	r.Cut("unheard", secret, 5, 7)                            // half of it
	r.Sent("sent", r.Cut("cut", b, 3, 9), true)               // of groups 1, 2, 3: all of 2
	r.Sent("hex", r.Cut("y", r.Hex("x", secret), 0, 3), true) // one digit pair and a half
	r.Cut("first", secret, 0, 1)
	r.Cut("second", secret, 1, 2)
	steps := taken(t, r)
	for label, want := range map[string]bool{
		"secret": false, "spelling": false, "heard": true, "unheard": false, "cut": true, "first": true, "second": false,
	} {
		if got := one(t, steps, label).Known&Wire != 0; got != want {
			t.Errorf("%s is known to a listener: %v, want %v", label, got, want)
		}
	}
}

func TestKnownUnhex(t *testing.T) {
	for digits, want := range map[string]bool{"0a": true, "0A": false} { // the case is lost
		r := NewRecorder(Client)
		v, err := r.Unhex("octets", r.Text("digits", digits, 0))
		if err != nil {
			t.Fatal(err)
		}
		r.Sent("sent", v, true)
		if got := one(t, taken(t, r), "digits").Known&Wire != 0; got != want {
			t.Errorf("%s is known to a listener: %v, want %v", digits, got, want)
		}
	}
}

// Every method gives the same octets with and without a recorder.
func TestNilRecorder(t *testing.T) {
	run := func(r *Recorder) []Value {
		a, b := r.Given("a", []byte("abc"), Client), r.Received("b", []byte("\x01\x02\x03\x04"), true)
		must := func(v Value, err error) Value {
			if err != nil {
				t.Fatal(err)
			}
			return v
		}
		vs := []Value{a, b, r.Text("t", "t", 0), r.Concat("c", a, b), r.Concat("none"), r.Cut("d", b, 1, 2), r.XOR("x", b, b),
			r.Hex("h", b), must(r.Unhex("u", r.Hex("h", b))), r.Base64("e", b), must(r.Unbase64("f", r.Base64("e", b))),
			must(r.Prepare("p", a)), must(r.PrepareStored("p", a)), r.Hash("g", SHA1, a, b), r.HMAC("m", SHA512, a, b),
			must(r.PBKDF2("k", SHA1, a, b, 5, 21)), r.Sent("s", a, true)}
		for _, same := range []bool{r.Compare("eq", a, a), !r.Compare("ne", a, b), !r.Compare("n", a, Value{})} {
			if !same {
				t.Error("Compare is wrong")
			}
		}
		return vs
	}
	r := NewRecorder(Client)
	off, on := run(nil), run(r)
	taken(t, r)
	if v := (*Recorder)(nil).XOR("", Constant("ab"), Constant("a")); v.String() != "\x00" {
		t.Errorf("XOR goes on to %q, past the shorter operand", v)
	}
	for i := range on {
		if !bytes.Equal(on[i].Octets, off[i].Octets) || off[i].Parts != nil {
			t.Errorf("value %d: %q noted, %q (%v) not", i, on[i], off[i], off[i].Parts)
		}
	}
	if steps := (*Recorder)(nil).Take(); steps != nil {
		t.Errorf("nothing noted %d steps", len(steps))
	}
}

// A recorder that begins again is like a new one, notes the same, and leaves
// what was taken alone.
func TestRecorderAgain(t *testing.T) {
	used := NewRecorder(Server)
	note := func(r *Recorder) []Step {
		v, err := r.Unbase64("octets", r.Received("spelled", []byte("AHRpbQB0YW5zdGFhZg=="), true))
		if err != nil {
			t.Fatal(err)
		}
		r.Sent("sent", r.HMAC("digest", MD5, r.Text("key", "secret", Store), v), true)
		return r.Take()
	}
	first := note(used)
	for range 3 {
		used.Text("left", "not taken", 0)
		used.Again()
		if zero := used.facts[:cap(used.facts)]; used.steps != nil || used.side != Server || len(used.facts) > 0 ||
			slices.ContainsFunc(zero, func(f fact) bool { return !reflect.ValueOf(f).IsZero() }) {
			t.Errorf("it is %+v", used)
		}
		want := note(NewRecorder(Server))
		if got := note(used); !reflect.DeepEqual(got, want) || !reflect.DeepEqual(first, want) {
			t.Errorf("it notes %+v, want %+v", got, want)
		}
	}
	for range 2 * mostFacts {
		used.Text("one", "more", 0)
	}
	if used.Again(); cap(used.facts) > mostFacts {
		t.Errorf("there is room for %d", cap(used.facts))
	}
}

// A recorder keeps its own copy of what it is given.
func TestGivenCopies(t *testing.T) {
	for _, r := range []*Recorder{nil, NewRecorder(Client)} {
		buf := []byte("abc")
		v, w := r.Given("v", buf, 0), r.Received("w", buf, false)
		copy(buf, "xyz")
		if v.String() != "abc" || w.String() != "abc" {
			t.Errorf("%q, %q", v, w)
		}
	}
}

func TestStepJSON(t *testing.T) {
	r := NewRecorder(Client)
	v := r.HMAC("digest", MD5, r.Text("key", "k", Store), r.Received("text", []byte{}, true))
	r.Sent("line", r.Base64("b", r.Concat("c", v, Constant(" "))), true)
	r.Compare("e", v, v)
	steps := taken(t, r)
	text, err := json.Marshal(steps)
	if err != nil {
		t.Fatal(err)
	}
	var again []Step
	if err := json.Unmarshal(text, &again); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(again, steps) {
		t.Errorf("steps differ after JSON:\n%s", text)
	}
	if !slices.ContainsFunc(steps, func(s Step) bool { return s.Holds }) {
		t.Error("no comparison held")
	}
}

func TestPartyJSON(t *testing.T) {
	for p := range Everybody | Middle + 1 {
		text, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		got := Party(255)
		if err := json.Unmarshal(text, &got); err != nil || got != p {
			t.Errorf("%s reads as %d, %v, want %d", text, got, err, p)
		}
	}
	if text, _ := json.Marshal(Client | Wire); string(text) != `["client","wire"]` || (Client|Wire).String() != "client|wire" {
		t.Errorf("Client|Wire is %s, %s", text, Client|Wire)
	}
	for _, bad := range []string{`["clients"]`, `["wire","wire"]`, `null`, `3`, `"wire"`, `[1]`, `[""]`} {
		var p Party
		if err := json.Unmarshal([]byte(bad), &p); err == nil {
			t.Errorf("%s reads as %q", bad, p)
		}
	}
}

// Labels and Ops are complete: the page has a sentence for each.
func TestLabels(t *testing.T) {
	r := NewRecorder(Client)
	long := r.Given("", bytes.Repeat([]byte("k"), 200), 0)
	v, err := r.PBKDF2("", SHA1, long, r.Received("", []byte("s"), true), 3, 20)
	if err != nil {
		t.Fatal(err)
	}
	v, err = r.Unbase64("", r.Base64("", v))
	if err != nil {
		t.Fatal(err)
	}
	if v, err = r.Unhex("", r.Hex("", r.HMAC("", MD5, long, v))); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Unbase64URL("", r.Text("", "AA", 0)); err != nil {
		t.Fatal(err)
	}
	r.Verify("", v, v, v)
	r.Latin1("", r.Text("", "ü", 0))
	key := r.DESKey("", r.Upper("", r.UTF16("", r.Text("", "four", 0))))
	r.Fields("", nil, r.DES("", key, key))
	r.Compare("", v, v)
	for _, op := range []Op{Remainder, Sum, Difference, Product, Power} {
		r.Number(op, "", v, v, v)
	}
	derived := r.DeriveKey("", r.Given("", make([]byte, 16), 0), Constant("kerberos"))
	r.Decrypt("", derived, r.Encrypt("", derived, derived))
	r.Sent("", r.Cut("", r.XOR("", v, v), 0, 1), true)
	if _, err := r.Prepare("", long); err != nil {
		t.Fatal(err)
	}
	labels, ops := map[string]bool{}, map[Op]bool{}
	var collect func([]Step)
	collect = func(steps []Step) {
		for _, s := range steps {
			labels[s.Label], ops[s.Op] = true, true
			collect(s.Sub)
		}
	}
	collect(taken(t, r))
	delete(labels, "")
	if len(labels) != len(Labels) || len(ops) != len(Ops) {
		t.Errorf("%d labels and %d ops are noted, %d and %d listed", len(labels), len(ops), len(Labels), len(Ops))
	}
	for _, label := range Labels {
		if !labels[label] {
			t.Errorf("label %q is not noted", label)
		}
	}
	for _, op := range Ops {
		if !ops[op] {
			t.Errorf("op %q is not noted", op)
		}
	}
}
