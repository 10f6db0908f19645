package server

import (
	"cmp"
	"embed"
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"example.org/smtpauth/protocol/machine"
)

// The dialogues, one theme a file. A block is one session:
//
//	# AUTH-21 (RFC 4954 §4): what it is about
//	policy NAME            one of policies; "submission" where none is named
//	given WORD, WORD       what has passed before (givens); else the block begins with the greeting
//	C: line                of the client, CR LF is added; lines that follow one another are one write
//	c: octets              the same without CR LF
//	S: line                of the server, all of it; "334 *" stands for a fresh challenge
//	TLS                    the handshake is over
//	TLS fails, cut, wait 5m   the handshake fails, the client is gone, time passes
//	dropped "octets"       the server threw them away
//	accepted               the server took a message for delivery
//	closed                 the server ended the connection
//	state WORD...          of the description of its state (describe)
//
// In a line of the client and in state {x*600} stands for 600 times x, and \r,
// \n, \t, \\, \x00 are as in Go.
//
//go:embed testdata/*.txt
var dialogueFiles embed.FS

// A dialogue is one block.
type dialogue struct {
	name   string // file and line
	policy string
	given  []string
	turns  []turn
}

// A turn is what happens to the server, and what it then does.
type turn struct {
	line  int
	in    string // "C" or the line itself
	lines string // C: octets
	want  []string
	state []string
}

// givens are commands that lead to a state.
var givens = map[string][]string{
	"EHLO":   {"EHLO client.example.org"},
	"HELO":   {"HELO client.example.org"},
	"TLS":    {"STARTTLS", "TLS", "EHLO client.example.org"},
	"tim":    {"AUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm"},
	"nobody": {"AUTH ANONYMOUS c2lyaGM="},
	"MAIL":   {"MAIL FROM:<tim@example.org>"},
	"RCPT":   {"RCPT TO:<ursel@example.org>"},
	"DATA":   {"DATA"},
	// Where no dialogue begins:
	"hidden":   {"STARTTLS", "TLS"}, // TLS without the EHLO after it
	"STARTTLS": {"STARTTLS"},
	"LOGIN":    {"AUTH LOGIN"},
}

// dialogues reads all files.
func dialogues(t testing.TB) []dialogue {
	t.Helper()
	files, err := dialogueFiles.ReadDir("testdata")
	if err != nil || len(files) == 0 {
		t.Fatal("no dialogues", err)
	}
	var list []dialogue
	for _, f := range files {
		text, err := dialogueFiles.ReadFile("testdata/" + f.Name())
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, parseDialogues(t, f.Name(), string(text))...)
	}
	return list
}

func parseDialogues(t testing.TB, file, text string) (list []dialogue) {
	t.Helper()
	fresh := true
	for i, line := range strings.Split(text, "\n") {
		at := fmt.Sprintf("%s:%d", file, i+1)
		word, rest, _ := strings.Cut(line, " ")
		if line == "" {
			fresh = true
			continue
		}
		if fresh {
			if word != "#" {
				t.Fatalf("%s: a block begins with a comment that names its rules", at)
			}
			list = append(list, dialogue{name: at, policy: "submission"})
			fresh = false
		}
		d := &list[len(list)-1]
		last := &turn{}
		if len(d.turns) > 0 {
			last = &d.turns[len(d.turns)-1]
		} else if word != "#" && word != "policy" && word != "given" {
			d.turns = append(d.turns, turn{line: i + 1, in: "connect"})
			last = &d.turns[0]
		}
		switch word {
		case "#":
		case "policy":
			d.policy = rest
		case "given":
			d.given = strings.Split(rest, ", ")
		case "C:", "c:":
			if last.in != "C" || len(last.want)+len(last.state) > 0 {
				d.turns = append(d.turns, turn{line: i + 1, in: "C"})
				last = &d.turns[len(d.turns)-1]
			}
			last.lines += unescape(t, at, rest)
			if word == "C:" {
				last.lines += "\r\n"
			}
		case "TLS", "cut", "wait":
			d.turns = append(d.turns, turn{line: i + 1, in: line})
		case "S:", "dropped", "accepted", "closed":
			last.want = append(last.want, line)
		case "state":
			for word := range strings.FieldsSeq(rest) {
				last.state = append(last.state, unescape(t, at, word))
			}
		default:
			t.Fatalf("%s: %q is not understood", at, line)
		}
	}
	return list
}

// unescape reads {x*600} and backslashes.
func unescape(t testing.TB, at, s string) string {
	t.Helper()
	for {
		from := strings.Index(s, "{")
		if from < 0 {
			break
		}
		text, after, found := strings.Cut(s[from+1:], "}")
		what, times, _ := strings.Cut(text, "*")
		n, err := strconv.Atoi(times)
		if !found || err != nil {
			t.Fatalf("%s: {%s is not {text*times}", at, text)
		}
		s = s[:from] + strings.Repeat(what, n) + after
	}
	var b strings.Builder
	for s != "" {
		c, _, tail, err := strconv.UnquoteChar(s, 0)
		if err != nil {
			t.Fatalf("%s: %q: %v", at, s, err)
		}
		if strings.HasPrefix(s, `\x`) {
			b.WriteByte(byte(c))
		} else {
			b.WriteRune(c)
		}
		s = tail
	}
	return b.String()
}

// A feed hands a server what the client sends, in one piece or in several.
type feed func(h *host, octets string) []Event

func whole(h *host, octets string) []Event { return h.say(octets) }

// open makes the server of a dialogue and leads it to where the turns begin.
func (d *dialogue) open(t testing.TB, say feed) (*host, []Event) {
	t.Helper()
	made, known := policies[d.policy]
	if !known {
		t.Fatalf("%s: no policy %q", d.name, d.policy)
	}
	h := newHost(t, made())
	if d.given == nil {
		return h, nil
	}
	return h, lead(t, h, d.name, d.given, say)
}

// lead connects to a server and lets happen what is given.
func lead(t testing.TB, h *host, name string, given []string, say feed) []Event {
	t.Helper()
	events := h.Step(machine.Input{Kind: machine.Connected})
	for _, word := range given {
		if givens[word] == nil && word != "greeting" {
			t.Fatalf("%s: nothing is given by %q", name, word)
		}
		for _, line := range givens[word] {
			if line == "TLS" {
				events = append(events, h.Step(machine.Input{Kind: machine.Secured})...)
				continue
			}
			more := say(h, line+"\r\n")
			if i := slices.IndexFunc(more, func(e Event) bool { return e.Refused }); i >= 0 {
				t.Fatalf("%s: given %q: %q is refused: %s", name, word, line, more[i].Octets)
			}
			events = append(events, more...)
		}
	}
	return events
}

// do lets one turn happen.
func (d *dialogue) do(t testing.TB, h *host, turn turn, say feed) []Event {
	t.Helper()
	if after, found := strings.CutPrefix(turn.in, "wait "); found {
		duration, err := time.ParseDuration(after)
		if err != nil {
			t.Fatal(err)
		}
		return h.wait(duration)
	}
	switch turn.in {
	case "C":
		return say(h, turn.lines)
	case "connect":
		if d.given != nil { // it has happened
			return nil
		}
		return h.Step(machine.Input{Kind: machine.Connected})
	case "TLS":
		return h.Step(machine.Input{Kind: machine.Secured})
	case "TLS fails":
		return h.Step(machine.Input{Kind: machine.TLSFault})
	case "cut":
		return h.Step(machine.Input{Kind: machine.PeerClosed})
	}
	t.Fatalf("%s: %q cannot happen", d.name, turn.in)
	return nil
}

// shown spells events as the dialogues do.
func shown(events []Event) (lines []string) {
	for _, e := range events {
		switch e.Kind {
		case machine.Said:
			for line := range strings.SplitSeq(strings.TrimSuffix(string(e.Octets), "\r\n"), "\r\n") {
				lines = append(lines, "S: "+line)
			}
		case machine.Dropped:
			lines = append(lines, fmt.Sprintf("dropped %q", e.Line))
		case machine.Accepted:
			lines = append(lines, "accepted")
		case machine.Ended:
			lines = append(lines, "closed")
		}
	}
	return lines
}

// agree compares what was said with what a dialogue wants.
func agree(got, want []string) bool {
	return slices.EqualFunc(got, want, func(g, w string) bool {
		if w != "S: 334 *" {
			return g == w
		}
		challenge, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(g, "S: 334 "))
		return err == nil && strings.HasPrefix(string(challenge), "<") && strings.HasSuffix(string(challenge), "@mail.example.org>")
	})
}

// describe is the state in words: the phase, then what is remembered.
func describe(h *host) []string {
	s, e := h.State(), h.Envelope()
	words := []string{string(s.Phase), fmt.Sprintf("tls=%t", s.TLS), fmt.Sprintf("esmtp=%t", s.ESMTP), "domain=" + s.Domain,
		"mechanism=" + s.Mechanism, "authcid=" + s.Authcid, "authzid=" + s.Authzid,
		"from=" + e.ReversePath.String(), "body=" + e.Body, "submitter=" + e.Submitter, fmt.Sprintf("smtputf8=%t", e.SMTPUTF8)}
	to := []string{}
	for _, p := range e.ForwardPaths {
		to = append(to, p.String())
	}
	return append(words, "to="+strings.Join(to, ","), fmt.Sprintf("recipients=%d", len(to)))
}

func TestDialogues(t *testing.T) {
	for _, d := range dialogues(t) {
		t.Run(d.name, func(t *testing.T) {
			h, _ := d.open(t, whole)
			asserted := 0
			for _, turn := range d.turns {
				got := shown(d.do(t, h, turn, whole))
				asserted += len(turn.want) + len(turn.state)
				if !agree(got, turn.want) {
					t.Errorf("line %d: %.200q gives\n%.2000s\nwant\n%s", turn.line, cmp.Or(turn.lines, turn.in),
						strings.Join(got, "\n"), strings.Join(turn.want, "\n"))
				}
				for _, word := range turn.state {
					if words := describe(h); !slices.Contains(words, word) {
						t.Errorf("line %d: the state is %q, want %q", turn.line, words, word)
					}
				}
			}
			if asserted == 0 {
				t.Error("nothing is expected")
			}
		})
	}
}
