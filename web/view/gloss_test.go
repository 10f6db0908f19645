package view

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/protocol/session"
)

// story runs a scenario to its end.
func story(t *testing.T, id string) *Story {
	t.Helper()
	s, known := scenario.ByID(id)
	if !known {
		t.Fatalf("no scenario %q", id)
	}
	run, err := s.Start()
	if err != nil {
		t.Fatal(err)
	}
	defer run.Close()
	run.Run()
	return Tell(run.Frames())
}

// spelledOut writes lines with the kinds of their runs: "[verb EHLO] x".
func spelledOut(lines []Line) string {
	s := ""
	for _, l := range lines {
		for _, r := range l {
			if r.Kind == Plain {
				s += r.Text
			} else {
				s += fmt.Sprintf("[%s %s]", r.Kind, r.Text)
			}
		}
		s += "\n"
	}
	return s
}

// Lines are cut where there is something to explain.
func TestLinesAreCutIntoWords(t *testing.T) {
	for _, test := range []struct {
		scenario string
		step     int
		want     string
	}{
		{"cram-md5", 1, "[code 220 ]mail.example.org ESMTP ready\n"},
		{"cram-md5", 2, "[verb EHLO] client.example.net\n"},
		{"cram-md5", 3, "[code 250-]mail.example.org\n[code 250-][keyword PIPELINING]\n[code 250-][keyword 8BITMIME]\n" +
			"[code 250-][keyword STARTTLS]\n[code 250-][keyword ENHANCEDSTATUSCODES]\n[code 250 ][keyword SIZE] 10485760\n"},
		{"cram-md5", 4, "[verb STARTTLS]\n"},
		{"cram-md5", 5, "[code 220 ][enhanced 2.0.0 ]Ready to start TLS\n"},
		{"cram-md5", 8, "[code 250-]mail.example.org\n[code 250-][keyword PIPELINING]\n[code 250-][keyword 8BITMIME]\n" +
			"[code 250-][keyword ENHANCEDSTATUSCODES]\n[code 250-][keyword SIZE] 10485760\n[code 250 ][keyword AUTH] [mech PLAIN] [mech LOGIN] [mech CRAM-MD5]\n"},
		{"cram-md5", 9, "[verb AUTH] [mech CRAM-MD5]\n"},
		{"cram-md5", 14, "[verb MAIL] FROM:<tim@example.org> [param SIZE]=197\n"},
		{"plain-initial", 9, "[verb AUTH] [mech PLAIN] [base64 AHRpbQB0YW5zdGFhZnRhbnN0YWFm]\n"},
		{"plain", 10, "[code 334 ]\n"},
		{"cancelled", 11, "[cancel *]\n"},
		{"wrong-password", 13, "[code 535 ][enhanced 5.7.8 ]Authentication credentials invalid\n"},
	} {
		if got := spelledOut(story(t, test.scenario).Entries[test.step-1].Lines); got != test.want {
			t.Errorf("%s, step %d:\n got %q\nwant %q", test.scenario, test.step, got, test.want)
		}
	}
}

// Cutting leaves every octet in its place.
func TestLinesAreWhole(t *testing.T) {
	for _, one := range scenario.All {
		s := story(t, one.ID)
		for i, e := range s.Entries {
			whole := ""
			for _, l := range e.Lines {
				if slices.ContainsFunc(l, func(r Run) bool { return r.Text == "" }) {
					t.Errorf("%s, step %d has an empty run: %q", one.ID, i+1, l)
				}
				whole += join(l) + "\r\n"
			}
			if e.Lines != nil && whole != string(s.frames[i].Octets) {
				t.Errorf("%s, step %d: %q became %q", one.ID, i+1, s.frames[i].Octets, whole)
			}
		}
	}
	for _, test := range []struct{ verb, text string }{
		{"MAIL", " FROM:<> AUTH=<> BODY=8BITMIME SMTPUTF8"}, {"MAIL", " FROM:<a>"}, {"MAIL", "> "}, {"mail", " FROM:<a>  X= "},
		{"AUTH", ""}, {"AUTH", " "}, {"AUTH", " PLAIN ="}, {"AUTH", "  PLAIN"}, {"RCPT", " TO:<\"a> b\"@x>"}, {"EHLO", " \x00"},
	} {
		got := ""
		for _, r := range arguments(test.verb, test.text) {
			got += r.Text
		}
		if want := strings.ReplaceAll(test.text, "\x00", "␀"); got != want {
			t.Errorf("arguments(%q, %q) = %q", test.verb, test.text, got)
		}
	}
}

func TestGloss(t *testing.T) {
	for _, test := range []struct {
		run  Run
		want []ID
	}{
		{Run{Code, "334 "}, []ID{"gloss.code.334", "gloss.class.3", "gloss.last"}},
		{Run{Code, "250-"}, []ID{"gloss.code.250", "gloss.class.2", "gloss.more"}},
		{Run{Enhanced, "5.7.8 "}, []ID{"gloss.enhanced.5.7.8", "gloss.subject.7"}},
		{Run{Verb, "ehlo"}, []ID{"gloss.verb.EHLO"}},
		{Run{Keyword, "8BITMIME"}, []ID{"gloss.keyword.8BITMIME"}},
		{Run{Param, "Size"}, []ID{"gloss.parameter.SIZE"}},
		{Run{Mech, "CRAM-MD5"}, []ID{"gloss.mechanism.CRAM-MD5"}},
		{Run{Cancel, "*"}, []ID{"gloss.cancel"}},
		{Run{Plain, "x"}, nil}, {Run{Base64, "dGlt"}, nil},
	} {
		if got := test.run.Gloss(); !slices.Equal(got, test.want) {
			t.Errorf("%q: %q, want %q", test.run, got, test.want)
		}
	}
}

// Every mechanism and keyword that a set-up may have is cut out and explained;
// the words themselves are checked where they are.
func TestEveryWordHasItsKind(t *testing.T) {
	for _, k := range session.Keywords {
		if got := spelledOut([]Line{offer(k)}); got != "[keyword "+k+"]\n" {
			t.Errorf("offer(%q) = %q", k, got)
		}
	}
	for text, want := range map[string]string{
		"AUTH=LOGIN PLAIN": "[keyword AUTH=][mech LOGIN] [mech PLAIN]", "AUTH=": "[keyword AUTH=]", "auth=login": "[keyword auth=][mech login]",
		"AUTH= LOGIN": "[keyword AUTH=] [mech LOGIN]", "X-EXPS GSSAPI NTLM": "[keyword X-EXPS] [mech GSSAPI] [mech NTLM]",
		"X-EXPS=LOGIN": "[keyword X-EXPS=][mech LOGIN]", "AUTH": "[keyword AUTH]", "SIZE=1 2": "[keyword SIZE=1] 2", "": "[keyword ]",
	} {
		if got := spelledOut([]Line{offer(text)}); got != want+"\n" {
			t.Errorf("offer(%q) = %q, want %q", text, got, want)
		}
	}
	for _, m := range sasl.Mechanisms() {
		if got := spelledOut([]Line{offer("AUTH " + m.Name)}); got != "[keyword AUTH] [mech "+m.Name+"]\n" {
			t.Errorf("offer(AUTH %s) = %q", m.Name, got)
		}
	}
}
