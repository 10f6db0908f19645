//go:build !js

package rivals

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// commands are lines, legal and not, as a random session has them; what
// follows 334 and 354 is chosen apart.
var commands = []string{
	"EHLO client.example.org", "ehlo client.example.org", "EHLO [127.0.0.1]", "EHLO", "HELO client.example.org", "HELO",
	"AUTH PLAIN " + initial, "auth plain " + initial, "AUTH PLAIN", "AUTH PLAIN =", "AUTH PLAIN !!", "AUTH PLAIN AHRpbQB3cm9uZw==", "AUTH FOOBAR", "AUTH", "AUTH PLAIN " + initial + " x",
	"MAIL FROM:<tim@example.org>", "mail from:<tim@example.org>", "MAIL FROM:<>", "MAIL FROM:<tim@example.org> SIZE=100", "MAIL FROM:<tim@example.org> SIZE=99999999",
	"MAIL FROM:<tim@example.org> BODY=8BITMIME", "MAIL FROM:<tim@example.org> FOO=BAR", "MAIL FROM:tim", "MAIL FROM:<tim", "MAIL", "MAIL TO:<tim@example.org>",
	"RCPT TO:<ann@example.org>", "rcpt to:<ann@example.org>", "RCPT TO:<ann@example.org> FOO=BAR", "RCPT TO:<>", "RCPT TO:ann", "RCPT",
	"DATA", "data", "DATA now", "RSET", "NOOP", "NOOP well", "VRFY tim", "HELP", "EXPN list", "TURN", "XYZZY", "", "STARTTLS", "QUIT",
}

// A side is one server with a session of its own.
type side struct {
	net.Conn
	lines *bufio.Reader
}

func newSide(p *pipes) *side {
	conn := p.dial()
	conn.SetDeadline(time.Now().Add(5 * time.Second))
	return &side{conn, bufio.NewReader(conn)}
}

// ask says octets and returns the code of the reply; 0: it has hung up.
func (s *side) ask(octets string) int {
	if octets != "" { // a pipe holds nothing: who answers early is heard all the same
		written := make(chan bool)
		go func() {
			io.WriteString(s, octets)
			close(written)
		}()
		defer func() { <-written }()
	}
	for {
		line, err := s.lines.ReadString('\n')
		if err != nil || len(line) < 4 {
			return 0
		}
		if line[3] == ' ' {
			code, err := strconv.Atoi(line[:3])
			if err != nil {
				return 0
			}
			return code
		}
	}
}

// A difference is one that is known: a reply of ours and one of theirs to lines
// that begin so, with what the RFC has to say.
type difference struct {
	after        int    // the code before it, where that matters
	line         string // its beginning, in upper case
	ours, theirs []int  // ours: nil for any
	why          string
}

// differ lets both servers hear the same session. It returns where they answered
// with codes of another class first, or "".
func differ(seed uint64, we, they *pipes, met map[string]int) string {
	r := rand.New(rand.NewPCG(seed, 2821))
	ours, theirs := newSide(we), newSide(they)
	defer ours.Close()
	defer theirs.Close()
	last := ours.ask("")
	if c := theirs.ask(""); c != last {
		return fmt.Sprintf("greeting: %d, theirs %d", last, c)
	}
	var said []string
	if r.IntN(4) > 0 { // further in, most of the time
		said = append(said, "EHLO client.example.org")
		if r.IntN(2) > 0 {
			said = append(said, "AUTH PLAIN "+initial)
		}
		if r.IntN(2) > 0 {
			said = append(said, "MAIL FROM:<tim@example.org>", "RCPT TO:<ann@example.org>")
		}
	}
	begun := len(said)
	for i := range 14 {
		line := commands[r.IntN(len(commands))]
		if i < begun {
			line = said[i]
		}
		switch last {
		case 334:
			line = []string{initial, "*", "!!", "", "AHRpbQB3cm9uZw=="}[r.IntN(5)]
		case 354:
			line = []string{"Subject: x\r\n\r\ntext\r\n.", ".", "..\r\nQUIT\r\n."}[r.IntN(3)]
		}
		if i >= begun {
			said = append(said, line)
		}
		was := last
		last = ours.ask(line + "\r\n")
		code := theirs.ask(line + "\r\n")
		if last == 421 { // three failures of AUTH (RFC 4954 §9), or 20 refused lines: it has hung up
			return ""
		}
		if last/100 == code/100 && (last == 334) == (code == 334) {
			if last == 221 || last == 0 {
				return ""
			}
			continue
		}
		for _, d := range known {
			if (d.after == 0 || d.after == was) && strings.HasPrefix(strings.ToUpper(line), d.line) && (d.ours == nil || slices.Contains(d.ours, last)) && slices.Contains(d.theirs, code) {
				met[d.line+": "+d.why]++
				return "" // from here on they are not in the same state
			}
		}
		return fmt.Sprintf("seed %d: %q behind %d: %d, theirs %d; the session was %q", seed, line, was, last, code, said[:i+1])
	}
	return ""
}

// known are the differences, each with who is right.
var known = []difference{
	{334, "", []int{501, 535}, []int{454}, "go-smtp answers 454 to what go-sasl cannot read; RFC 4954 §4 has 501 for bad base64, §6 535 for bad credentials"},
	{0, "AUTH", []int{501, 535}, []int{454}, "the same with an initial response"},
	{0, "AUTH", []int{503}, []int{235, 334, 454, 535}, "go-smtp takes AUTH inside a transaction and behind HELO; RFC 4954 §3, §4 do not"},
	{0, "AUTH", []int{501}, []int{235}, "go-smtp takes more words behind the initial response; RFC 4954 §4 has none"},
	{0, "MAIL", []int{503}, []int{250}, "go-smtp takes MAIL inside a transaction; RFC 5321 §4.1.4 has 503"},
	{0, "MAIL", []int{555}, []int{250}, "go-smtp takes the parameters of extensions behind HELO; RFC 5321 §2.2.1 has them behind EHLO"},
	{0, "", nil, []int{0}, "go-smtp hangs up on a client after three lines in a row that it cannot read, ours after 20 refused; RFC 5321 §4.2.4 leaves it open"},
}

// Random sessions, legal and not, to our server and to go-smtp: both answer with
// codes of the same class, or the difference is known and the RFC decides.
func TestDifferences(t *testing.T) {
	we, they := openOurs(t, false), openRival(t)
	met, unknown := map[string]int{}, 0
	for seed := range uint64(3000) {
		if d := differ(seed, we, they, met); d != "" {
			if unknown++; unknown < 40 {
				t.Error(d)
			}
		}
	}
	for _, d := range known {
		if met[d.line+": "+d.why] == 0 {
			t.Errorf("nobody met the difference %+v any more", d)
		}
	}
}

// FuzzDifferences goes on with other seeds.
func FuzzDifferences(f *testing.F) {
	for seed := range uint64(20) {
		f.Add(seed)
	}
	we, they := openOurs(f, false), openRival(f)
	f.Fuzz(func(t *testing.T, seed uint64) {
		if d := differ(seed, we, they, map[string]int{}); d != "" {
			t.Error(d)
		}
	})
}
