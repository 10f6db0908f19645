//go:build !js

package main

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
)

// The first and the last message of a client of NTLM; package sasl tests what is
// in them.
const (
	ntlmNegotiate    = "TlRMTVNTUAABAAAABYIIAAAAAAAAAAAAAAAAAAAAAAA="
	ntlmAuthenticate = "TlRMTVNTUAADAAAAGAAYAHwAAACcAJwAlAAAAAwADABYAAAACAAIAGQAAAAQABAAbAAAAAAAAAAwAQAABYKIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAEQAbwBtAGEAaQBuAFUAcwBlAHIAQwBPAE0AUABVAFQARQBSALL463b9QeagTuZY5O7AN2Cqqqqqqqqqqie78/aSozaq9sLcNJ6IeeEBAQAAAAAAAAAAAAAAAAAAqqqqqqqqqqoAAAAAAgAWAEUAWABDAEgALQBDAEwASQAtADYANgABABYARQBYAEMASAAtAEMATABJAC0ANgA2AAQAFgBlAHgAYwBoAC0AYwBsAGkALQA2ADYAAwAWAGUAeABjAGgALQBjAGwAaQAtADYANgAAAAAAAAAAAA=="
)

func unb64(s string) string {
	octets, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		panic(err)
	}
	return string(octets)
}

func b64(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

// RFC 4616 §4, RFC 2195 §2 and what LOGIN says, asked and unasked; the error
// of a mechanism is part of the answer.
func TestCompute(t *testing.T) {
	const challenge = "<1896.697170952@postoffice.reston.mci.net>"
	for _, test := range []struct {
		name, task string
		responses  []string
		error      string
		label      string // of a step, with its value
		value      string
	}{
		{"RFC 4616", `{"mechanism":"PLAIN","authcid":"tim","password":"tanstaaftanstaaf"}`,
			[]string{"\x00tim\x00tanstaaftanstaaf"}, "", "passwd", "tanstaaftanstaaf"},
		{"RFC 4616, authzid", `{"mechanism":"plain","authzid":"Ursel","authcid":"Kurt","password":"xipj3plmq","challenges":[]}`,
			[]string{"Ursel\x00Kurt\x00xipj3plmq"}, "", "authzid", "Ursel"},
		{"an empty authzid", `{"mechanism":"PLAIN","authzid":"","authcid":"tim","password":"x"}`, []string{"\x00tim\x00x"}, "", "authcid", "tim"},
		{"asked by an empty challenge", `{"mechanism":"PLAIN","authcid":"tim","password":"x","challenges":[""]}`, []string{"\x00tim\x00x"}, "", "message", "\x00tim\x00x"},
		{"asked again", `{"mechanism":"PLAIN","authcid":"tim","password":"x","challenges":["",""]}`, []string{"\x00tim\x00x"}, "out-of-step: out-of-step", "passwd", "x"},
		{"asked for something else", `{"mechanism":"PLAIN","authcid":"tim","password":"x","challenges":["eA=="]}`, []string{"\x00tim\x00x"}, "out-of-step: out-of-step", "challenge", "x"},
		{"nothing to say", `{"mechanism":"PLAIN"}`, nil, "local: empty", "", ""},
		{"RFC 2195", `{"mechanism":"CRAM-MD5","authcid":"tim","password":"tanstaaftanstaaf","challenges":["` + b64(challenge) + `"]}`,
			[]string{"tim b913a602c7eda7a495b4e6e7334d3890"}, "", "digest-hex", "b913a602c7eda7a495b4e6e7334d3890"},
		{"prepared", `{"mechanism":"CRAM-MD5","authcid":"tim","password":"pa²ss","prepare":true,"challenges":["` + b64(challenge) + `"]}`,
			[]string{"tim d36fb912e4d866afc9569a0baae36af4"}, "", "password-prepared", "pa2ss"},
		{"not prepared", `{"mechanism":"CRAM-MD5","authcid":"tim","password":"pa²ss","prepare":false,"challenges":["` + b64(challenge) + `"]}`,
			[]string{"tim 7ffe7497e0cea3e8e2b8618a210ad46e"}, "", "password", "pa²ss"},
		{"not asked", `{"mechanism":"CRAM-MD5","authcid":"tim","password":"x","random":"AAEC","time":"2026-01-15T09:30:00Z","port":587,"host":"mail.example.org",` +
			`"service":"smtp","realm":"","domain":"","workstation":"","token":"","nonce":"n","channelBinding":{"type":"tls-exporter","data":"AA=="}}`, nil, "", "", ""},
		{"LOGIN", `{"mechanism":"LOGIN","authcid":"tim","password":"x","challenges":["` + b64("Username:") + `","` + b64("Password:") + `"]}`,
			[]string{"tim", "x"}, "", "authcid", "tim"},
		{"RFC 5802, its nonce pinned", `{"mechanism":"SCRAM-SHA-1","authcid":"user","password":"pencil","nonce":"fyko+d2lbbFgONRv9qkxdawL","challenges":["` +
			b64("r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096") + `"]}`,
			[]string{"n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL", "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts="}, "", "iterations", "4096"},
		{"RFC 2831, another service", `{"mechanism":"DIGEST-MD5","authcid":"chris","password":"secret","nonce":"OA6MHXh6VqTrRk","service":"imap","host":"elwood.innosoft.com","challenges":["` +
			b64(`realm="elwood.innosoft.com",nonce="OA6MG9tEQGm2hh",qop="auth",algorithm=md5-sess,charset=utf-8`) + `"]}`,
			[]string{`charset=utf-8,username="chris",realm="elwood.innosoft.com",nonce="OA6MG9tEQGm2hh",nc=00000001,cnonce="OA6MHXh6VqTrRk",digest-uri="imap/elwood.innosoft.com",response=d388dad90d4bbd760a152321f2143af7,qop=auth`},
			"", "digest-uri", "imap/elwood.innosoft.com"},
		{"bound", `{"mechanism":"SCRAM-SHA-256-PLUS","authcid":"user","password":"pencil","nonce":"n","channelBinding":{"type":"tls-exporter","data":"AAECAw=="}}`,
			[]string{"p=tls-exporter,,n=user,r=n"}, "", "gs2-header", "p=tls-exporter,,"},
		{"a token", `{"mechanism":"XOAUTH2","authcid":"tim","token":"a.b.c"}`, []string{"user=tim\x01auth=Bearer a.b.c\x01\x01"}, "", "token", "a.b.c"},
		{"a token for the user", `{"mechanism":"OAUTHBEARER","authcid":"tim","token":"a.b.c"}`, []string{"n,a=tim,\x01auth=Bearer a.b.c\x01\x01"}, "", "authzid", "tim"},
		{"a token for whom it names", `{"mechanism":"OAUTHBEARER","authzid":"","authcid":"tim","token":"a.b.c"}`, []string{"n,,\x01auth=Bearer a.b.c\x01\x01"}, "", "token", "a.b.c"},
		{"NTLM", `{"mechanism":"NTLM","authcid":"User","password":"Password","domain":"Domain","workstation":"COMPUTER","random":"qqqqqqqqqqo=","time":"1601-01-01T00:00:00Z","challenges":["","TlRMTVNTUAACAAAAFgAWADgAAAA1goriYo7ENUsXagIAAAAAAAAAAGwAbABOAAAABQLODgAAAA9FAFgAQwBIAC0AQwBMAEkALQA2ADYAAgAWAEUAWABDAEgALQBDAEwASQAtADYANgABABYARQBYAEMASAAtAEMATABJAC0ANgA2AAQAFgBlAHgAYwBoAC0AYwBsAGkALQA2ADYAAwAWAGUAeABjAGgALQBjAGwAaQAtADYANgAAAAAA"]}`,
			[]string{unb64(ntlmNegotiate), unb64(ntlmAuthenticate)}, "", "workstation", "COMPUTER"},
		{"no KDC", `{"mechanism":"GSSAPI","authcid":"tim","password":"x"}`, nil,
			"local: no-kdc: GSSAPI wants a ticket, and no Kerberos centre was named that issues one", "", ""},
		{"Unicode", `{"mechanism":"PLAIN","authcid":"борис","password":"пароль"}`, []string{"\x00борис\x00пароль"}, "", "authcid", "борис"},
	} {
		r := do(t, test.task, "compute")
		var got struct {
			Responses *[]string `json:"responses"`
			Error     *string   `json:"error"`
			Steps     *[]struct {
				Label string                  `json:"label"`
				Out   struct{ Octets []byte } `json:"out"`
			} `json:"steps"`
		}
		if err := json.Unmarshal([]byte(r.out), &got); err != nil || r.status != 0 || r.err != "" || got.Responses == nil || got.Steps == nil {
			t.Errorf("%s: %+v, %v", test.name, r, err)
			continue
		}
		want := []string{}
		for _, response := range test.responses {
			want = append(want, b64(response))
		}
		if strings.Join(*got.Responses, " ") != strings.Join(want, " ") {
			t.Errorf("%s: %q, want %q", test.name, *got.Responses, want)
		}
		if (got.Error == nil) != (test.error == "") || got.Error != nil && *got.Error != test.error {
			t.Errorf("%s: error in %s, want %q", test.name, r.out, test.error)
		}
		found := test.label == ""
		for _, s := range *got.Steps {
			found = found || s.Label == test.label && string(s.Out.Octets) == test.value
		}
		if !found {
			t.Errorf("%s: no step %s = %q in %s", test.name, test.label, test.value, r.out)
		}
	}
}

// One object a line is answered by one line each, up to what is wrong.
func TestComputeLines(t *testing.T) {
	task := `{"mechanism":"PLAIN","authcid":"tim","password":"x"}`
	r := do(t, task+"\n"+task+"\n\n"+task, "compute")
	if r.status != 0 || strings.Count(r.out, "\n") != 3 || strings.Count(r.out, `"responses":["AHRpbQB4"]`) != 3 {
		t.Errorf("%+v", r)
	}
	r = do(t, task+"\n{\n"+task, "compute")
	if r.status != 2 || strings.Count(r.out, "\n") != 1 || strings.Count(r.err, "\n") != 1 {
		t.Errorf("%+v", r)
	}
	if r = do(t, "", "compute"); r.status != 0 || r.out != "" {
		t.Errorf("nothing: %+v", r)
	}
}

func TestComputeIsStrict(t *testing.T) {
	for _, text := range []string{
		`[]`, `"PLAIN"`, `null`, `1`, `{`, `{"mechanism":"PLAIN"`, `{}`, `{"mechanism":"FOOBAR"}`, `{"mechanism":1}`, `{"mechanism":"PLAIN",}`,
		`{"mechanism":"PLAIN","authcid":"tim","password":"\ud83d"}`, "{\"mechanism\":\"PLAIN\",\"authcid\":\"tim\",\"password\":\"\xff\"}",
		`{"mechanism":"PLAIN","authcid":"tim","password":"x","p\u0061ssword":"y"}`, `{"mechanism":"PLAIN","channelBinding":{"Type":"tls-exporter","data":""}}`,
		`{"mechanism":"PLAIN","Authcid":"tim"}`, `{"mechanism":"PLAIN","user":"tim"}`, `{"mechanism":"PLAIN","mechanism":"PLAIN"}`,
		`{"mechanism":"PLAIN","challenges":["%"]}`, `{"mechanism":"PLAIN","challenges":["eA"]}`, `{"mechanism":"PLAIN","challenges":["eA==\n"]}`,
		`{"mechanism":"PLAIN","challenges":["eB=="]}`, `{"mechanism":"PLAIN","challenges":[null]}`, `{"mechanism":"PLAIN","challenges":[[]]}`,
		`{"mechanism":"PLAIN","port":-1}`, `{"mechanism":"PLAIN","time":"now"}`, `{"mechanism":"PLAIN","random":[1]}`,
		`{"mechanism":"PLAIN","channelBinding":{"kind":"x"}}`, `{"mechanism":"PLAIN","channelBinding":{"type":"x","type":"y"}}`,
		`{"mechanism":"PLAIN","type":"x"}`, `{"mechanism":"PLAIN"}}`,
	} {
		r := do(t, text, "compute")
		if r.status != 2 || strings.Count(r.err, "\n") != 1 || r.out != "" && text != `{"mechanism":"PLAIN"}}` {
			t.Errorf("%s: %+v", text, r)
		}
	}
}
