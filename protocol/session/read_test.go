package session_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/protocol/session"
)

func TestWriteAndRead(t *testing.T) {
	inputs := []session.Input{
		{Kind: session.Step, Times: 9},
		{Kind: session.Say, Side: session.Client, Octets: []byte("QUIT\r\n")},
		{Kind: session.Drop, Toward: session.Server},
		{Kind: session.Wait, Seconds: 300},
	}
	for _, sc := range scenario.All {
		want := sc.Setup()
		data, err := session.Write(want, inputs)
		if err != nil {
			t.Fatal(err)
		}
		got, gotInputs, err := session.Read(data)
		if err != nil {
			t.Errorf("%s: Read: %v", sc.ID, err)
		}
		again, _ := session.Write(got, gotInputs)
		if !bytes.Equal(again, data) || !reflect.DeepEqual(gotInputs, inputs) {
			t.Errorf("%s: written again it differs:\n%s\n%s", sc.ID, data, again)
		}
	}
}

func TestAWithheldPasswordIsNotAnEmptyOne(t *testing.T) {
	for _, secret := range []sasl.Secret{{}, {Text: "x"}, {Withheld: true}} {
		data, err := session.Write(setup(func(s *session.Setup) { s.Client.User.Password = secret }), nil)
		if err != nil {
			t.Fatal(err)
		}
		got, _, err := session.Read(data)
		if err != nil || got.Client.User.Password != secret {
			t.Errorf("%+v is read as %+v, %v", secret, got.Client.User.Password, err)
		}
	}
}

func TestStepsAreCounted(t *testing.T) {
	s := run(t, setup())
	data, err := session.Write(s.Setup(), s.Inputs())
	if err != nil {
		t.Fatal(err)
	}
	if want := `"inputs":[{"kind":"step","times":24}]`; !strings.Contains(string(data), want) {
		t.Errorf("%s lacks %s", data, want)
	}
}

func TestReadIsStrict(t *testing.T) {
	whole, err := session.Write(setup(), []session.Input{{Kind: session.Step}})
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, old, new, id, field string }{
		{"a field that is not there", `"seed":`, `"sead":`, "unknown-field", "sead"},
		{"a field in other letters", `"seed":`, `"Seed":`, "unknown-field", "Seed"},
		{"a field twice", `"seed":`, `"seed":"a","seed":`, "twice", "seed"},
		{"an inner field twice", `"tls":"starttls"`, `"tls":"starttls","tls":"none"`, "twice", "client.tls"},
		{"no version", `"version":1,`, ``, "version", "version"},
		{"a version to come", `"version":1`, `"version":2`, "version", "version"},
		{"a wrong type", `"seed":"playground"`, `"seed":7`, "value", "seed"},
		{"a role that is not there", `"role":"submission"`, `"role":"smtps"`, "value", "server.role"},
		{"a mechanism in lower case", `"mechanisms":["CRAM-MD5"]`, `"mechanisms":["cram-md5"]`, "value", "client.mechanisms"},
		{"a host that is none", `"host":"mail.example.org","role"`, `"host":"mail example","role"`, "value", "server.host"},
		{"a binding that is not there", `"client":{`, `"client":{"binding":"tls-unique",`, "value", "client.binding"},
		{"a nonce with a comma", `"client":{`, `"client":{"nonce":"a,b",`, "value", "client.nonce"},
		{"a long nonce", `"server":{`, `"server":{"nonce":"` + strings.Repeat("x", 65) + `",`, "value", "server.nonce"},
		{"a kind of verifier that is not there", `"stored":"clear"`, `"stored":"scram-sha-384"`, "value", "server.accounts[0].stored"},
		{"a count below zero", `"stored":"clear"`, `"stored":"clear","iterations":-1`, "value", "server.accounts[0].iterations"},
		{"a long salt", `"stored":"clear"`, `"stored":"clear","salt":"` + strings.Repeat("AAAA", 22) + `"`, "value", "server.accounts[0].salt"},
		{"a service's key of 8 octets", `"server":{`, `"server":{"keytab":{"realm":"A","key":"AAAAAAAAAAA="},`, "value", "server.keytab.key"},
		{"a middle that is nobody", `"version":1,`, `"version":1,"tls":{"middle":{"off":true}},`, "unknown-field", "tls.middle.off"},
		{"a long name", `"seed":"playground"`, `"seed":"` + strings.Repeat("x", 1025) + `"`, "value", "seed"},
		{"a kind of input that is not there", `"kind":"step"`, `"kind":"leap"`, "value", "inputs[0].kind"},
		{"too many steps", `"kind":"step"`, `"kind":"step","times":2001`, "value", "inputs[0].times"},
		{"a step with a side", `"kind":"step"`, `"kind":"step","side":"client"`, "value", "inputs[0].side"},
		{"an injection to nowhere", `"kind":"step"`, `"kind":"inject","octets":"eA=="`, "value", "inputs[0].toward"},
		{"something behind the end", `"inputs":[{"kind":"step"}]}`, `"inputs":[{"kind":"step"}]}{}`, "syntax", ""},
		{"cut short", `"inputs":[{"kind":"step"}]}`, `"inputs":[{"kind":"step"}`, "syntax", ""},
		{"not JSON", `{"version"`, `version`, "syntax", ""},
		{"a secret that is neither", `"password":"tanstaaftanstaaf"}`, `"password":{"withheld":false}}`, "value", "client.user.password"},
		{"half a character", `"password":"tanstaaftanstaaf"}`, `"password":"\ud83d"}`, "surrogate", "client.user.password"},
		{"an octet that is not UTF-8", `"seed":"playground"`, "\"seed\":\"\xff\"", "not-utf8", "seed"},
		{"a place twice", `"server":{`, `"server":{"replies":{"mail":"250 a","mail":"250 b"},`, "twice", "server.replies.mail"},
		{"too deep", `"seed":"playground"`, `"seed":` + strings.Repeat("[", 32) + strings.Repeat("]", 32), "too-deep", "seed" + strings.Repeat("[0]", 31)},
		{"too long", `"seed":"playground"`, `"seed":"` + strings.Repeat("x", session.MaxJSON) + `"`, "too-long", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			data := strings.Replace(string(whole), tt.old, tt.new, 1)
			if data == string(whole) {
				t.Fatalf("%s lacks %s", whole, tt.old)
			}
			_, _, err := session.Read([]byte(data))
			var bad *session.ReadError
			if !errors.As(err, &bad) || bad.ID != tt.id || tt.field != "" && bad.Field != tt.field {
				t.Errorf("Read = %v, want %s at %q", err, tt.id, tt.field)
			}
		})
	}
}

// What no honest sender writes is refused in a time that grows with its length.
func TestHostileForms(t *testing.T) {
	for name, text := range map[string]string{
		"brackets": strings.Repeat("[", session.MaxJSON), "objects": strings.Repeat(`{"a":`, session.MaxJSON/5),
		"a text": `{"seed":"` + strings.Repeat("x", session.MaxJSON-20) + `"}`, "a name": `{"` + strings.Repeat("x", session.MaxJSON-20) + `":1}`,
		"10,000 accounts": `{"version":1,"server":{"accounts":[{}` + strings.Repeat(",{}", 9999) + `]}}`,
		"texts":           `{"version":1,"client":{"mechanisms":[""` + strings.Repeat(`,""`, 20000) + `]}}`,
		"inputs":          `{"version":1,"inputs":[{}` + strings.Repeat(`,{}`, 20000) + `]}`,
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		start := time.Now()
		_, _, err := session.Read([]byte(text))
		took := time.Since(start)
		runtime.ReadMemStats(&after)
		if used := (after.TotalAlloc - before.TotalAlloc) >> 20; err == nil || took > 5*time.Second || used > 64 {
			t.Errorf("%s: %v after %v, with %d MiB", name, err, took, used)
		}
	}
}

// What a link may not ask for a file may.
func TestCheckWork(t *testing.T) {
	for _, test := range []struct {
		accounts int
		stored   sasl.Stored
		count    int
		refused  bool
	}{
		{2, sasl.StoredSCRAM256, sasl.MaxIterations, false}, {3, sasl.StoredSCRAM256, sasl.MaxIterations, true}, {3, sasl.Hashed, sasl.MaxIterations, true},
		{64, sasl.StoredSCRAM1, 0, false}, {64, sasl.Clear, sasl.MaxIterations, false}, {64, sasl.StoredSCRAM512, sasl.MaxIterations + 1, false},
		{64, sasl.StoredDigest, sasl.MaxIterations, false}, {64, sasl.StoredSRP, 0, false},
	} {
		made := setup(func(s *session.Setup) {
			s.Server.Accounts = nil
			for i := range test.accounts {
				s.Server.Accounts = append(s.Server.Accounts, sasl.Account{Name: fmt.Sprint(i), Password: sasl.Secret{Text: "x"}, Stored: test.stored, Iterations: test.count})
			}
		})
		data, err := session.Write(made, nil)
		if err == nil {
			_, _, err = session.Read(data)
		}
		if err != nil {
			t.Errorf("%+v: %v", test, err)
		}
		var bad *session.ReadError
		if err := made.CheckWork(); (err != nil) != test.refused || err != nil && (!errors.As(err, &bad) || bad.ID != session.TooMuchWork || bad.Field != "server.accounts") {
			t.Errorf("%+v: %v", test, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, sc := range scenario.All {
		data, err := session.Write(sc.Setup(), []session.Input{{Kind: session.Step, Times: 3}})
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte(`{"version":1,"inputs":[{"kind":"change","toward":"client","octets":"AA=="}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		setup, inputs, err := session.Read(data)
		if err != nil {
			if bad := (*session.ReadError)(nil); !errors.As(err, &bad) {
				t.Fatalf("%T: %v", err, err)
			}
			return
		}
		written, err := session.Write(setup, inputs)
		if err != nil {
			t.Fatal(err)
		}
		again, _, err := session.Read(written)
		if err != nil || !reflect.DeepEqual(again, setup) {
			t.Fatalf("written again it reads as %+v, %v", again, err)
		}
		if !json.Valid(written) {
			t.Fatalf("%s", written)
		}
	})
}

// Whatever passes on the wire, a session in clear text goes on or ends.
func FuzzInputs(f *testing.F) {
	f.Add(uint8(4), uint8(1), []byte("*\r\n"))
	f.Add(uint8(5), uint8(2), []byte("334 \xff\r\n"))
	f.Add(uint8(2), uint8(3), []byte("250-x\r\n250"))
	f.Add(uint8(12), uint8(4), []byte("\r\n.\r\n"))
	kinds := []session.InputKind{session.Say, session.Say, session.Inject, session.Inject, session.Change, session.Change}
	made := setup(clear)
	f.Fuzz(func(t *testing.T, at, how uint8, octets []byte) {
		in := session.Input{Kind: kinds[int(how)%len(kinds)], Octets: octets}
		side := []session.Side{session.Client, session.Server}[how%2]
		if in.Kind == session.Say {
			in.Side = side
		} else {
			in.Toward = side
		}
		s, err := session.New(made, session.Input{Kind: session.Step, Times: int(at % 32)}, in)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		s.Run()
		if len(s.Frames()) != len(s.Inputs()) {
			t.Fatalf("%d frames, %d inputs", len(s.Frames()), len(s.Inputs()))
		}
	})
}
