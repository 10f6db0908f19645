package client

import (
	"embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"example.org/smtpauth/protocol/machine"
)

// The dialogues, one theme a file. A block is one session:
//
//	# AUTH-41 (RFC 4954 §4): what it is about
//	plan NAME              one of plans; "careful" where none is named
//	offers WORDS, WORDS    greeting and EHLO have passed, and this is the server's list
//	S: line                of the server, CR LF is added; lines that follow one another are one write
//	s: octets              the same without CR LF
//	C: line                of the client, all of it
//	TLS                    the handshake is over
//	TLS fails ID, TLS fails here ID   or not; "here" where this side found why
//	cut, wait 5m           the server is gone, time passes
//	secure                 the client begins TLS
//	departs RULE           it acts against a rule, as planned
//	fault ID WHOSE RULE    it stops, or will
//	closed                 it ended the connection
//	state WORD...          of the description of its state (describe)
//
// In what either says {x*600} stands for 600 times x, and \r, \n, \t, \\,
// \x00 are as in Go.
//
//go:embed testdata/*.txt
var dialogueFiles embed.FS

// A dialogue is one block.
type dialogue struct {
	name  string // file and line
	plan  string
	turns []turn
}

// A turn is what happens to the client, and what it then does.
type turn struct {
	line  int
	in    string // "S" or the line itself
	lines string // S: octets
	want  []string
	state []string
}

func dialogues(t testing.TB) (list []dialogue) {
	t.Helper()
	files, err := dialogueFiles.ReadDir("testdata")
	if err != nil || len(files) == 0 {
		t.Fatal("no dialogues", err)
	}
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
			list = append(list, dialogue{name: at, plan: "careful"})
			fresh = false
		}
		d := &list[len(list)-1]
		if len(d.turns) == 0 && word != "#" && word != "plan" {
			d.turns = append(d.turns, turn{line: i + 1, in: "connect"})
		}
		last := func() *turn { return &d.turns[len(d.turns)-1] }
		switch word {
		case "#":
		case "plan":
			d.plan = rest
		case "offers":
			p := plans[d.plan]()
			keywords := append([]string{"mail.example.org"}, strings.Split(rest, ", ")...)
			d.turns = append(d.turns,
				turn{line: i + 1, in: "S", lines: "220 mail.example.org ESMTP\r\n", want: []string{"C: EHLO " + p.Name}},
				turn{line: i + 1, in: "S", lines: unescape(t, at, "250-"+strings.Join(keywords[:len(keywords)-1], `\r\n250-`)+`\r\n250 `+keywords[len(keywords)-1]+`\r\n`)})
		case "S:", "s:":
			if last().in != "S" || len(last().want)+len(last().state) > 0 {
				d.turns = append(d.turns, turn{line: i + 1, in: "S"})
			}
			last().lines += unescape(t, at, rest)
			if word == "S:" {
				last().lines += "\r\n"
			}
		case "TLS", "cut", "wait":
			d.turns = append(d.turns, turn{line: i + 1, in: line})
		case "C:":
			last().want = append(last().want, "C: "+unescape(t, at, rest))
		case "secure", "departs", "fault", "closed":
			last().want = append(last().want, line)
		case "state":
			last().state = append(last().state, strings.Fields(rest)...)
		default:
			t.Fatalf("%s: %q is not understood", at, line)
		}
	}
	return list
}

// unescape reads {x*600} and backslashes.
func unescape(t testing.TB, at, s string) string {
	t.Helper()
	for from := strings.Index(s, "{"); from >= 0; from = strings.Index(s, "{") {
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

// A feed hands a client what the server sends, in one piece or in several.
type feed func(g *guest, octets string) []Event

func whole(g *guest, octets string) []Event { return g.hear(octets) }

// do lets one turn happen.
func (d *dialogue) do(t testing.TB, g *guest, turn turn, hear feed) []Event {
	t.Helper()
	if after, found := strings.CutPrefix(turn.in, "wait "); found {
		return g.wait(parseWait(t, after))
	}
	if reason, found := strings.CutPrefix(turn.in, "TLS fails"); found {
		reason, here := strings.CutPrefix(reason, " here")
		return g.Step(machine.Input{Kind: machine.TLSFault, Reason: strings.TrimSpace(reason), Local: here})
	}
	switch turn.in {
	case "S":
		return hear(g, turn.lines)
	case "connect":
		return g.Step(machine.Input{Kind: machine.Connected})
	case "TLS":
		return g.Step(machine.Input{Kind: machine.Secured})
	case "cut":
		return g.Step(machine.Input{Kind: machine.PeerClosed})
	}
	t.Fatalf("%s: %q cannot happen", d.name, turn.in)
	return nil
}

// begin makes the client of a dialogue.
func (d *dialogue) begin(t testing.TB) *guest {
	t.Helper()
	made, known := plans[d.plan]
	if !known {
		t.Fatalf("%s: no plan %q", d.name, d.plan)
	}
	return newGuest(t, made())
}

// shown spells events as the dialogues do.
func shown(events []Event) (lines []string) {
	for _, e := range events {
		switch e.Kind {
		case machine.Said:
			for line := range strings.SplitSeq(strings.TrimSuffix(string(e.Octets), "\r\n"), "\r\n") {
				lines = append(lines, "C: "+line)
			}
		case machine.Secure:
			lines = append(lines, "secure")
		case machine.Departed:
			lines = append(lines, "departs "+e.Rule.ID)
		case machine.Faulted:
			lines = append(lines, strings.TrimSpace(fmt.Sprintf("fault %s %s %s", e.Fault.ID, e.Fault.Whose, e.Fault.RuleID.ID)))
		case machine.Ended:
			lines = append(lines, "closed")
		}
	}
	return lines
}

// describe is the state in words.
func describe(g *guest) []string {
	s := g.State()
	return []string{string(s.Phase), fmt.Sprintf("tls=%t", s.TLS), fmt.Sprintf("esmtp=%t", s.ESMTP), "mechanism=" + s.Mechanism,
		fmt.Sprintf("authenticated=%t", s.Authenticated), fmt.Sprintf("accepted=%d", s.Accepted), fmt.Sprintf("delivered=%t", s.Delivered)}
}

func TestDialogues(t *testing.T) {
	for _, d := range dialogues(t) {
		t.Run(d.name, func(t *testing.T) {
			g := d.begin(t)
			asserted := 0
			for _, turn := range d.turns {
				got := shown(d.do(t, g, turn, whole))
				asserted += len(turn.want) + len(turn.state)
				if !slices.Equal(got, turn.want) {
					t.Errorf("line %d: %s %.200q gives\n%.3000s\nwant\n%.3000s", turn.line, turn.in, turn.lines, strings.Join(got, "\n"), strings.Join(turn.want, "\n"))
				}
				for _, word := range turn.state {
					if words := describe(g); !slices.Contains(words, word) {
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
