package view

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/protocol/session"
)

// written is what a listener has of a frame, as one would write it down:
// "C: dGlt = tim", with [what is exposed] and {what can be tried against}.
func written(v Captured) string {
	var all []string
	for _, p := range v.Passed {
		from := map[session.Side]string{session.Client: "C", session.Server: "S"}[p.From]
		for _, l := range p.Lines {
			text := from + ": " + join(l.Line)
			for i, b := range l.Says {
				if i == 0 {
					text += " = "
				}
				text += map[Secret]string{Open: "", Exposed: "[", Proof: "{"}[b.Secret] + b.Text + map[Secret]string{Open: "", Exposed: "]", Proof: "}"}[b.Secret]
			}
			if l.Guess {
				text += " !"
			}
			all = append(all, text)
		}
		for _, r := range p.Records {
			text := fmt.Sprintf("%s: %s %d", from, r.Type, r.Length)
			if len(r.Inside) > 0 {
				text += fmt.Sprint(" ", r.Inside)
			}
			all = append(all, text)
		}
	}
	return strings.Join(all, "\n")
}

func TestCapture(t *testing.T) {
	tests := []struct {
		id         string
		change     func(*session.Setup)
		at         int
		want       string // of the frame at
		has, lacks string // up to it
	}{
		{"login-clear", nil, 0, "S: 220 mail.example.org ESMTP ready", "ui.tap.has.lines", "ui.tap.lacks.no-secret"},
		{"login-clear", nil, 4, "S: 334 VXNlcm5hbWU6 = Username:", "ui.tap.has.lines", "ui.tap.lacks.no-secret"},
		{"login-clear", nil, 5, "C: dGlt = tim", "ui.tap.has.lines", "ui.tap.lacks.no-secret"},
		{"login-clear", nil, 7, "C: dGFuc3RhYWZ0YW5zdGFhZg== = [tanstaaftanstaaf]", "ui.tap.has.password", "ui.tap.lacks.nothing"},
		{"login-clear", nil, 8, "", "ui.tap.has.password", "ui.tap.lacks.nothing"},
		{"plain-initial", inClear, 3, "C: AUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm = ␀tim␀[tanstaaftanstaaf]", "ui.tap.has.password", "ui.tap.lacks.nothing"},
		{"cram-md5", inClear, 4, "S: 334 PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UucmVzdG9uLm1jaS5uZXQ+ = <1896.697170952@postoffice.reston.mci.net>",
			"ui.tap.has.lines", "ui.tap.lacks.no-secret"},
		{"cram-md5", inClear, 5, "C: dGltIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw = tim {b913a602c7eda7a495b4e6e7334d3890} !",
			"ui.tap.has.proof", "ui.tap.lacks.password"},
		{"cram-md5", func(s *session.Setup) { inClear(s); s.Server.Challenge = "" }, 7, "S: 235 2.7.0 Authentication successful",
			"ui.tap.has.proof", "ui.tap.lacks.password"},
		{"stripped", nil, 3, "S: 250-mail.example.org\nS: 250-PIPELINING\nS: 250-8BITMIME\nS: 250-ENHANCEDSTATUSCODES\nS: 250-SIZE 10485760\nS: 250 AUTH PLAIN",
			"ui.tap.has.lines", "ui.tap.lacks.no-secret"},
		{"stripped", nil, 4, "C: AUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm = ␀tim␀[tanstaaftanstaaf]", "ui.tap.has.password", "ui.tap.lacks.nothing"},
		{"cancelled", inClear, 5, "C: *", "ui.tap.has.lines", "ui.tap.lacks.no-secret"},
		{"cram-md5", nil, 10, "C: application_data 72", "ui.tap.has.sizes", "ui.tap.lacks.inside"},
		{"cram-md5", nil, 23, "C: application_data 24", "ui.tap.has.sizes", "ui.tap.lacks.inside"},
		{"plain-implicit", nil, 1, "S: application_data 56", "ui.tap.has.only-sizes", "ui.tap.lacks.inside"},
	}
	for _, tt := range tests {
		change := tt.change
		if change == nil {
			change = func(*session.Setup) {}
		}
		frames, _ := ranFrames(t, tt.id, change)
		c := Tell(frames).Capture(tt.at)
		if len(c.Entries) != tt.at+1 {
			t.Fatalf("%s: %d entries after frame %d", tt.id, len(c.Entries), tt.at)
		}
		if got := written(c.Entries[tt.at]); got != tt.want {
			t.Errorf("%s, frame %d: %s\nwant %s", tt.id, tt.at, got, tt.want)
		}
		if c.Has.ID != tt.has || c.Lacks.ID != tt.lacks {
			t.Errorf("%s, frame %d: has %s, lacks %s; want %s, %s", tt.id, tt.at, c.Has.ID, c.Lacks.ID, tt.has, tt.lacks)
		}
	}
}

// What is said in pieces, and what a message says, is followed as it is.
func TestCaptureFollowsWhatIsSaid(t *testing.T) {
	said := func(side session.Side, octets string) session.Frame {
		return session.Frame{Kind: session.Line, Side: side, Octets: []byte(octets), Wire: []session.Chunk{{Toward: side.Other(), Octets: []byte(octets)}}}
	}
	const c, s = session.Client, session.Server
	frames := []session.Frame{
		said(s, "220 x\r\n"), said(c, "AUTH LO"), said(c, "GIN\r\n"), said(s, "334 VXNlcm5hbWU6\r\n"), said(c, "dGl"), said(c, "t\r\nQUIT\r\n"),
		said(s, "501 no\r\n221 bye\r\n"), said(c, "DATA\r\n"), said(s, "354 go on\r\n"), said(c, "AUTH PLAIN dGlt\r\n.\r\n"), said(s, "250 ok\r\n"),
		said(s, "354 go on\r\n"), said(c, "AUTH PLAIN dGlt \r\n"), said(s, "334-eA==\r\n334 eA==\r\n"), said(c, "AUTH PLAIN dGlt\r\n"),
	}
	for i := range frames {
		frames[i].Index = i
	}
	entries := Tell(frames).Capture(len(frames) - 1).Entries
	for i, want := range []string{"S: 220 x", "C: AUTH LO", "C: GIN", "S: 334 VXNlcm5hbWU6 = Username:", "C: dGl", "C: t\nC: QUIT",
		"S: 501 no\nS: 221 bye", "C: DATA", "S: 354 go on", "C: AUTH PLAIN dGlt\nC: .", "S: 250 ok",
		"S: 354 go on", "C: AUTH PLAIN dGlt  = tim", "S: 334-eA==\nS: 334 eA==", "C: AUTH PLAIN dGlt"} {
		if got := written(entries[i]); got != want {
			t.Errorf("frame %d: %q, want %q", i, got, want)
		}
	}
}

// Of a handshake a listener reads what is not encrypted, and no more.
func TestCaptureOfAHandshake(t *testing.T) {
	frames, _ := ranFrames(t, "cram-md5")
	got := written(Tell(frames).Capture(5).Entries[5])
	for _, want := range []string{"client_hello", "server_hello", "C: change_cipher_spec 6"} {
		if !strings.Contains(got, want) {
			t.Errorf("a listener does not see %s:\n%s", want, got)
		}
	}
	for _, sealed := range []string{"certificate", "encrypted_extensions", "finished"} {
		if strings.Contains(got, sealed) {
			t.Errorf("a listener sees %s:\n%s", sealed, got)
		}
	}
}

// secrets are what nobody but the two ends may have: passwords, what is made of
// them, and what they are sent in.
func secrets(frames []session.Frame) map[string]string {
	all := map[string]string{}
	for i := range frames {
		for _, s := range frames[i].Steps() {
			if len(s.Out.Octets) < 5 { // too short for a secret, and met by chance in sealed octets
				continue
			}
			switch s.Label {
			case "password", "passwd", "stored-password", "digest-hex", "sent-digest", "message", "token-message", "response", "response-base64":
				all[string(s.Out.Octets)] = s.Label
				all[base64.StdEncoding.EncodeToString(s.Out.Octets)] = s.Label + ", in base64"
			}
		}
	}
	return all
}

// Under TLS no secret is in a capture, at any step of any scenario.
func TestCaptureUnderTLSHoldsNoSecret(t *testing.T) {
	looked := 0
	for _, sc := range scenario.All {
		frames, _ := ranFrames(t, sc.ID)
		last := len(frames) - 1
		secret := secrets(frames)
		if !frames[last].Sealed && !frames[last-1].Sealed || len(secret) == 0 {
			continue
		}
		looked++
		data, err := json.Marshal(Tell(frames).Capture(last))
		if err != nil {
			t.Fatal(err)
		}
		for s, what := range secret {
			if strings.Contains(string(data), s) {
				t.Errorf("%s: a listener has %s", sc.ID, what)
			}
		}
	}
	if looked < 8 {
		t.Errorf("only %d scenarios under TLS have secrets", looked)
	}
}

// In the clear the same test finds them.
func TestSecretsAreFoundInTheClear(t *testing.T) {
	frames, _ := ranFrames(t, "cram-md5", inClear)
	data, err := json.Marshal(Tell(frames).Capture(len(frames) - 1))
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for s, what := range secrets(frames) {
		found[what] = found[what] || strings.Contains(string(data), s)
	}
	if !found["digest-hex"] || found["password"] {
		t.Errorf("of what is said in the clear a listener has %v", found)
	}
}

// A bar is the longer the longer its record.
func TestWidths(t *testing.T) {
	for i, last := 1, 0; i <= 5+1<<14+256; i *= 2 {
		w := width(i)
		if w < last || w < 1 || w > barWidths {
			t.Errorf("width(%d) = %d after %d", i, w, last)
		}
		last = w
	}
	if width(24) == width(72) || width(72) == width(222) || width(222) == width(1508) {
		t.Error("records of different kinds look the same")
	}
	if width(5+1<<14+256) != barWidths {
		t.Error("the longest record has not the longest bar")
	}
}
