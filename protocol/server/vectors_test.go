package server

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/smtp"
)

// A vector is one row of a file of vectors, of this package or of another.
type vector struct {
	ID string
	In struct{ Text, State, Line, Body, Wire string }
	// Out.Codes are the reply codes that a server may choose from.
	Out struct {
		Codes []int
		Wire  string
	}
	Expect   string
	Dialogue []string
}

func vectors(t testing.TB, file string, want int) (rows []vector) {
	t.Helper()
	octets, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(octets, &rows)
	}
	if err != nil || len(rows) != want {
		t.Fatalf("%s: %d vectors, want %d; %v", file, len(rows), want, err)
	}
	return rows
}

// ready opens a session with a policy and leads it to where the words say.
func ready(t testing.TB, policy string, given ...string) *host {
	t.Helper()
	h := newHost(t, policies[policy]())
	lead(t, h, policy, given, whole)
	return h
}

// replies are the replies among events.
func replies(events []Event) (list []smtp.Reply) {
	for _, e := range events {
		if e.Kind == machine.Said {
			list = append(list, *e.Reply)
		}
	}
	return list
}

// CMD-01, CMD-10, CMD-13, CMD-14, CMD-17, SEQ-02, SEQ-03, SIZ-01, EBM-01,
// UTF-01, PAR-02: each line in the state that it names, one reply of those it
// allows, and the state as before where it was refused.
func TestCommandVectors(t *testing.T) {
	given := map[string][]string{"start": nil, "fresh": {"EHLO"}, "mail": {"EHLO", "MAIL"}}
	for _, v := range vectors(t, "../smtp/testdata/smtp-command.json", 77) {
		words, known := given[v.In.State]
		if !known {
			t.Fatalf("%s: no state %q", v.ID, v.In.State)
		}
		h := ready(t, "clear", words...)
		state, envelope := h.State(), h.Envelope()
		said := replies(h.say(v.In.Line + "\r\n"))
		if len(said) != 1 || !slices.Contains(v.Out.Codes, said[0].Code) {
			t.Errorf("%s: %q gives %v, want one of %d", v.ID, v.In.Line, said, v.Out.Codes)
		} else if said[0].Class() > 3 && (h.State() != state || !h.Envelope().Equal(envelope)) {
			t.Errorf("%s: %q leaves %+v, was %+v", v.ID, v.In.Line, h.State(), state)
		}
	}
}

// DAT-02, DAT-04: what the server keeps is what was composed.
func TestDotVectors(t *testing.T) {
	for _, v := range vectors(t, "../smtp/testdata/smtp-dot.json", 16) {
		if v.Expect != "" {
			continue // TestSmuggling
		}
		h := ready(t, "clear", "EHLO", "MAIL", "RCPT", "DATA")
		events := h.say(v.Out.Wire)
		said := replies(events)
		if len(said) != 1 || said[0].Code != 250 || len(events) < 2 || events[0].Kind != machine.Accepted {
			t.Fatalf("%s: %q gives %v", v.ID, v.Out.Wire, said)
		}
		want := v.In.Body
		if want != "" && !strings.HasSuffix(want, "\r\n") {
			want += "\r\n"
		}
		_, text, _ := strings.Cut(string(events[0].Message.Text), "+0000\r\n") // behind the Received line
		if text != want {
			t.Errorf("%s: stored %q, want %q", v.ID, text, want)
		}
	}
}

// DAT-06: one reply to the whole block, at the real end; what looks like a
// command in it is text.
func TestSmuggling(t *testing.T) {
	tested := 0
	for _, v := range vectors(t, "../smtp/testdata/smtp-dot.json", 16) {
		h := ready(t, "clear", "EHLO", "MAIL", "RCPT", "DATA")
		switch v.Expect {
		case "no-end-of-data":
			if early := h.say(v.In.Wire); len(early) > 0 || h.State().Phase != Data {
				t.Errorf("%s: %q ends the data: %q", v.ID, v.In.Wire, shown(early))
			}
			want := 550
			if v.ID == "smuggle-7" { // NUL and a dot are a line like any other
				want = 250
			}
			if said := replies(h.say(".\r\n")); len(said) != 1 || said[0].Code != want {
				t.Errorf("%s: %v at the real end, want %d", v.ID, said, want)
			}
		case "end-of-data-or-reject":
			// The CR before the CR LF is the fault; the dot after them is the real
			// end, and MAIL behind it a real command.
			if said := replies(h.say(v.In.Wire)); len(said) != 2 || said[0].Code != 550 || said[1].Code != 250 {
				t.Errorf("%s: %v, want 550 and the reply to MAIL", v.ID, said)
			}
		case "":
			continue
		default:
			t.Fatalf("%s: expect %q is not known", v.ID, v.Expect)
		}
		tested++
	}
	if tested != 9 {
		t.Errorf("%d vectors, want 9", tested)
	}
}

// AUTH-22, AUTH-23, AUTH-24: what is not base64 gets 501 5.5.2, on a line of
// its own and, unless the command line is at fault before, on the AUTH line.
func TestBase64Reject(t *testing.T) {
	onAuthLine := map[string]struct {
		code     int
		enhanced smtp.EnhancedCode
	}{
		"base64-reject-13": {501, badArguments}, // AUTH-08: a third argument
		"base64-reject-14": {535, badCreds},     // CMD-03: the space at the end is not part of it
		"base64-reject-16": {500, badSyntax},    // CMD-02: a bare CR
		"base64-reject-17": {500, badSyntax},    // CMD-02: a bare LF
		"base64-reject-23": {535, badCreds},     // AUTH-14: an empty initial response
	}
	for _, v := range vectors(t, "../trace/testdata/base64-reject.json", 27) {
		check := func(where string, h *host, before State, said []smtp.Reply, code int, e smtp.EnhancedCode) {
			t.Helper()
			if len(said) != 1 || said[0].Code != code || said[0].Enhanced != e {
				t.Errorf("%s %s: %q gives %v, want %d %s", v.ID, where, v.In.Text, said, code, e)
			}
			if h.State() != before {
				t.Errorf("%s %s: the state is %+v, was %+v", v.ID, where, h.State(), before)
			}
		}
		h := ready(t, "clear", "EHLO")
		before := h.State()
		h.say("AUTH PLAIN\r\n")
		check("as response", h, before, replies(h.say(v.In.Text+"\r\n")), 501, badSyntax)
		h.say("AUTH LOGIN dGlt\r\n")
		check("as second response", h, before, replies(h.say(v.In.Text+"\r\n")), 501, badSyntax)

		want, differs := onAuthLine[v.ID]
		if !differs {
			want.code, want.enhanced = 501, badSyntax
		}
		check("as initial response", h, before, replies(h.say("AUTH PLAIN "+v.In.Text+"\r\n")), want.code, want.enhanced)
	}
}

// AUTH-15, AUTH-21, AUTH-09, AUTH-28, LOG-01, LOG-05, CRM-01: the dialogues of
// the RFCs. Their EHLO lists name mechanisms that are not done here, so those
// lines are compared by reply code, what belongs to AUTH to the octet.
func TestTranscripts(t *testing.T) {
	for _, v := range vectors(t, "testdata/smtp-transcripts.json", 7) {
		p := clearPolicy()
		p.Accounts = []sasl.Account{
			{Name: "test", Password: sasl.Secret{Text: "1234"}, Stored: sasl.Clear},
			{Name: "tim", Password: sasl.Secret{Text: "tanstaaftanstaaf"}, Stored: sasl.Clear},
			{Name: "rjs3", Password: sasl.Secret{Withheld: true}, Stored: sasl.Clear}, // nobody has told it
		}
		p.Challenge = "<1896.697170952@postoffice.reston.mci.net>"
		if v.ID == "rfc4954-cram-md5" {
			p.Challenge = "<4192942341.12828472@sourcefour.andrew.cmu.edu>"
		}
		h := newHost(t, p)
		said := h.Step(machine.Input{Kind: machine.Connected})
		if !strings.HasPrefix(v.Dialogue[0], "S:") { // it begins later
			said = nil
			h.say("EHLO client.example.com\r\n")
		}
		if v.Dialogue[0] == "TLS" {
			h.say("STARTTLS\r\n")
		}
		auth := false
		for _, line := range v.Dialogue {
			text := line[min(len(line), 3):]
			switch {
			case line == "TLS":
				said = h.Step(machine.Input{Kind: machine.Secured})
			case line[0] == 'C':
				if len(replies(said)) > 0 {
					t.Errorf("%s: before %q: %q was not awaited", v.ID, line, shown(said))
				}
				auth = auth || strings.HasPrefix(text, "AUTH ")
				said = h.say(text + "\r\n")
			case line[3:7] == "250-" && !auth: // the last line stands for all
			case len(replies(said)) != 1:
				t.Errorf("%s: %q, want %q", v.ID, shown(said), line)
			case auth:
				if v.ID == "rfc4954-cram-md5" && text[:3] == "235" {
					text = "535 5.7.8 Authentication credentials invalid"
				}
				if got := string(said[len(said)-1].Octets); got != text+"\r\n" {
					t.Errorf("%s: %q, want %q", v.ID, got, text)
				}
				said = nil
			default:
				if got := shown(said); got[len(got)-1][3:7] != text[:4] {
					t.Errorf("%s: %q, want %q", v.ID, got, line)
				}
				said = nil
			}
		}
		if !auth {
			t.Errorf("%s: no AUTH", v.ID)
		}
	}
}
