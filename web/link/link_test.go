package link

import (
	"bytes"
	"compress/flate"
	_ "embed"
	"encoding/base64"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"example.org/smtpauth/protocol/client"
	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/protocol/session"
)

// Every scenario, and a change of every scenario, comes back from its link with
// its inputs, at several steps.
func TestLinksComeBack(t *testing.T) {
	for _, s := range scenario.All {
		for i, change := range []func(*session.Setup){
			func(*session.Setup) {},
			func(s *session.Setup) { s.Client.Name = "elsewhere.example.net" },
			func(s *session.Setup) { s.Client.Mail, s.Server.Extensions = nil, nil },
		} {
			setup := s.Setup()
			change(&setup)
			address, err := AddressOf(setup, s.Inputs, false)
			if err != nil {
				t.Fatalf("%s: %v", s.ID, err)
			}
			for _, at := range []int{0, 1, 11, 1999} {
				link, err := Read(address.At(at))
				if err != nil {
					t.Fatalf("%s: %v", address.At(at), err)
				}
				if link.At != at || !reflect.DeepEqual(link.Setup, setup) || !reflect.DeepEqual(link.Inputs, Begun(s.Inputs)) || link.StoodIn {
					t.Errorf("%s at %d came back as %+v", s.ID, at, link)
				}
				if link.Edited != (i > 0) || i < 2 && link.Scenario != s.ID {
					t.Errorf("%s, change %d: the link is of %q, edited %v", s.ID, i, link.Scenario, link.Edited)
				}
			}
		}
	}
}

// A scenario as it stands has its name for a link, whatever steps were taken.
func TestAddressOfAScenario(t *testing.T) {
	for _, s := range scenario.All {
		run, err := s.Start()
		if err != nil {
			t.Fatal(err)
		}
		run.Run()
		run.Close()
		if a, err := AddressOf(run.Setup(), run.Inputs(), false); string(a) != s.ID || err != nil {
			t.Errorf("AddressOf(%s) = %q, %v", s.ID, a, err)
		}
	}
}

func TestTypedPasswordsAreWithheld(t *testing.T) {
	s, _ := scenario.ByID("cram-md5")
	setup := s.Setup()
	if Typed(setup) {
		t.Error("the scenario's own password counts as typed")
	}
	scenario.SetPassword(&setup, "my own Secret")
	if !Typed(setup) {
		t.Error("a password of no scenario does not count as typed")
	}
	for _, test := range []struct {
		madeUp   bool
		password string
	}{{false, "stand-in-1"}, {true, "my own Secret"}} {
		address, err := AddressOf(setup, nil, test.madeUp)
		if err != nil {
			t.Fatal(err)
		}
		text, err := unpack(strings.TrimPrefix(string(address), "1."))
		if err != nil || bytes.Contains(text, []byte("my own Secret")) != test.madeUp {
			t.Errorf("made up %v: %s, %v", test.madeUp, text, err)
		}
		link, err := Read(address.At(3))
		if err != nil || link.Setup.Client.User.Password.Text != test.password || link.StoodIn == test.madeUp {
			t.Errorf("made up %v: %+v, %v", test.madeUp, link, err)
		}
		if stored := link.Setup.Server.Accounts[0].Password.Text; stored != "tanstaaftanstaaf" {
			t.Errorf("the stored password became %q", stored)
		}
	}
}

func TestLinksThatCannotBeRead(t *testing.T) {
	s, _ := scenario.ByID("plain")
	setup := s.Setup()
	setup.Client.Name = "x"
	address, err := AddressOf(setup, nil, false)
	if err != nil {
		t.Fatal(err)
	}
	data := strings.TrimPrefix(string(address), "1.")
	json, _ := unpack(data)
	form := func(old, new string) string {
		if !bytes.Contains(json, []byte(old)) {
			t.Fatalf("%s has no %s", json, old)
		}
		return "1." + pack(bytes.Replace(json, []byte(old), []byte(new), 1))
	}
	for _, test := range []struct{ name, fragment, want string }{
		{"no form of ours", "x y", "broken"},
		{"no letters of base64url", "1.ab+/@1", "broken"},
		{"an empty form", "1.@1", "broken"},
		{"a step that is none", string(address) + "@x", "broken"},
		{"a step beyond all", string(address) + "@12345", "broken"},
		{"a scenario of another time", "no-such@2", "scenario"},
		{"a later version", "2." + data + "@2", "version"},
		{"a later version of the JSON form", form(`"version":1`, `"version":2`), "version"},
		{"cut short", string(address)[:len(address)/2&^3+2], "cut"},
		{"something behind the end", "1." + packedWith(json, "more"), "broken"},
		{"no DEFLATE", "1." + base64.RawURLEncoding.EncodeToString([]byte("\xff\xff\xff")), "broken"},
		{"no JSON", "1." + pack([]byte("hello")), "broken"},
		{"a field that is not known", form(`"seed"`, `"sead"`), "refused"},
		{"a value that is not taken", form(`"starttls"`, `"perhaps"`), "refused"},
		{"a field in other letters", form(`"seed"`, `"Seed"`), "refused"},
		{"a field twice", form(`"seed"`, `"seed":"","seed"`), "twice"},
		{"half a character", form(`"seed":"`, `"seed":"\ud83d`), "not-text"},
		{"an octet that is not UTF-8", form(`"seed":"`, "\"seed\":\"\xff"), "not-text"},
		{"brackets within brackets", "1." + pack(bytes.Repeat([]byte("["), session.MaxJSON)), "too-deep"},
		{"more than is read", "1." + pack(bytes.Repeat([]byte(" "), 1<<26)), "too-long"},
		{"a fragment that is too long", "1." + strings.Repeat("A", maxFragment), "too-long"},
	} {
		link, err := Read(test.fragment)
		var bad *Error
		if !errors.As(err, &bad) || bad.ID != "ui.link."+test.want {
			t.Errorf("%s: %v, want ui.link.%s", test.name, err, test.want)
		}
		if link.Scenario != scenario.Default || link.Edited || link.At != 0 {
			t.Errorf("%s: leads to %q, step %d", test.name, link.Scenario, link.At+1)
		}
	}
}

func packedWith(octets []byte, behind string) string {
	var b bytes.Buffer
	w, _ := flate.NewWriter(&b, 9)
	w.Write(octets)
	w.Close()
	b.WriteString(behind)
	return base64.RawURLEncoding.EncodeToString(b.Bytes())
}

// Accounts that would take the page's time together are refused, in a link and
// on the page.
func TestTooMuchWork(t *testing.T) {
	s, _ := scenario.ByID("plain")
	setup := s.Setup()
	setup.Server.Accounts = nil
	for i := range 3 {
		setup.Server.Accounts = append(setup.Server.Accounts,
			sasl.Account{Name: fmt.Sprint(i), Password: sasl.Secret{Text: "x"}, Stored: sasl.StoredSCRAM256, Iterations: sasl.MaxIterations})
	}
	address, err := AddressOf(setup, nil, true)
	if err != nil {
		t.Fatal(err)
	}
	var bad *Error
	if _, err := Read(address.At(0)); !errors.As(err, &bad) || bad.ID != "ui.link.work" {
		t.Errorf("three of the most iterations: %v", err)
	}
	setup.Server.Accounts = setup.Server.Accounts[1:]
	if address, err = AddressOf(setup, nil, true); err == nil {
		_, err = Read(address.At(0))
	}
	if err != nil {
		t.Errorf("two: %v", err)
	}
}

// The longest form that is written can be read; what is longer is refused.
func TestLongLinks(t *testing.T) {
	s, _ := scenario.ByID("plain")
	setup := s.Setup()
	mail := client.Mail{From: "tim@example.org", To: []string{"ursel@example.com"}}
	setup.Client.Mail = &mail
	data, _ := session.Write(setup, nil)
	noise := []byte{}
	for i := uint32(1); len(noise) < session.MaxJSON-len(data); i = i*1664525 + 1013904223 {
		noise = append(noise, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"[i>>26])
	}
	mail.Text = string(noise)
	address, err := AddressOf(setup, nil, false)
	if err != nil {
		t.Fatal(err)
	}
	if link, err := Read(address.At(0)); err != nil || link.Setup.Client.Mail.Text != mail.Text {
		t.Errorf("a link of %d characters: %v", len(address), err)
	}
	mail.Text += "x"
	var bad *Error
	if _, err := AddressOf(setup, nil, false); !errors.As(err, &bad) || bad.ID != "ui.link.too-much" {
		t.Errorf("one octet more: %v", err)
	}
}

// A change of one value leaves a set-up nearest to its scenario.
func TestNearest(t *testing.T) {
	for _, s := range scenario.All {
		setup := s.Setup()
		setup.Seed = "another"
		if id := nearest(setup, s.Inputs); id != s.ID {
			t.Errorf("nearest(%s with another seed) = %s", s.ID, id)
		}
	}
}

//go:embed testdata/links.txt
var oldLinks string

// Links that were once given away lead where they led. A line is a fragment,
// then what it must lead to; lines are added, never changed.
func TestOldLinks(t *testing.T) {
	n := 0
	for line := range strings.Lines(oldLinks) {
		fragment, want, found := strings.Cut(strings.TrimSpace(line), " ")
		if !found || strings.HasPrefix(fragment, "#") {
			continue
		}
		n++
		link, err := Read(fragment)
		if got := summary(link); err != nil || got != want {
			t.Errorf("%.40s…:\n got %s, %v\nwant %s", fragment, got, err, want)
			continue
		}
		run, err := session.New(link.Setup, link.Inputs...)
		if err != nil {
			t.Errorf("%.40s…: %v", fragment, err)
			continue
		}
		run.Run()
		if frames := len(run.Frames()); link.At >= frames {
			t.Errorf("%.40s…: leads to step %d of %d", fragment, link.At+1, frames)
		}
		run.Close()
	}
	if n == 0 {
		t.Fatal("no old links")
	}
}

// summary is what matters of a link, in a line.
func summary(l Link) string {
	s := l.Setup
	kinds := []session.InputKind{}
	for _, in := range l.Inputs {
		kinds = append(kinds, in.Kind)
	}
	stored := slices.Collect(func(yield func(sasl.Stored) bool) {
		for _, a := range s.Server.Accounts {
			yield(a.Stored)
		}
	})
	return fmt.Sprintf("%s %v step %d: %s/%s %v %s on %s, stored %v, inputs %v, stood in %v", l.Scenario, l.Edited, l.At+1,
		s.Client.User.Authcid, s.Client.User.Password.Text, s.Client.Mechanisms, s.Client.TLS, s.Server.Role, stored, kinds, l.StoodIn)
}

// forms are the JSON forms that the old links hold.
func forms(t testing.TB) (list [][]byte) {
	t.Helper()
	for line := range strings.Lines(oldLinks) {
		fragment, _, _ := strings.Cut(line, " ")
		data, packed := strings.CutPrefix(fragment, "1.")
		if !packed {
			continue
		}
		data, _, _ = strings.Cut(data, "@")
		form, err := unpack(data)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, form)
	}
	return list
}

// What is packed is unpacked, to the octet: JSON forms, and what is none.
func TestPacked(t *testing.T) {
	for _, octets := range append(forms(t), nil, []byte{0}, []byte("\xff\xfe"), bytes.Repeat([]byte("ab"), 10_000)) {
		if got, err := unpack(pack(octets)); err != nil || !bytes.Equal(got, octets) {
			t.Errorf("%.40q came back as %.40q, %v", octets, got, err)
		}
	}
}

// Whatever stands in a fragment leads somewhere, and what can be read comes
// back from a link of its own. The data stand for a fragment, and for the JSON
// form that one holds: it is read as it is, since packing it takes longer than
// all the rest.
func FuzzRead(f *testing.F) {
	for line := range strings.Lines(oldLinks) {
		fragment, _, _ := strings.Cut(line, " ")
		f.Add(fragment)
	}
	for _, form := range forms(f) {
		f.Add(string(form))
	}
	f.Fuzz(func(t *testing.T, data string) {
		link, err := Read(data)
		if _, known := scenario.ByID(link.Scenario); !known || link.At < 0 {
			t.Fatalf("Read(%q) leads to %q, step %d", data, link.Scenario, link.At+1)
		}
		comesBack(t, data, link, err)
		link, err = linkOf([]byte(data))
		comesBack(t, data, link, err)
	})
}

// comesBack checks that what was read of data, if it could be, is read again
// from a link of its own.
func comesBack(t *testing.T, data string, link Link, err error) {
	if err != nil {
		if bad := (*Error)(nil); !errors.As(err, &bad) {
			t.Fatalf("%q: %T, %v", data, err, err)
		}
		return
	}
	address, err := AddressOf(link.Setup, link.Inputs, true)
	if err != nil {
		t.Fatalf("%q can be read, but not written: %v", data, err)
	}
	again, err := Read(address.At(link.At))
	again.StoodIn = link.StoodIn // what stood in stands there by itself now
	if err != nil || summary(again) != summary(link) {
		t.Fatalf("%q came back as %s, %v, want %s", data, summary(again), err, summary(link))
	}
}
