// Package transcript tells what each line of an SMTP conversation is, and where
// base64 stands in it, from what was said before and from the grammar: a line is
// a challenge because it answers AUTH, never because it looks like base64. It
// knows no session and checks no rule; a line that breaks one has a kind too.
package transcript

import (
	"bytes"

	"example.org/smtpauth/protocol/smtp"
	"example.org/smtpauth/protocol/trace"
)

// A Side is one of the two ends of a conversation.
type Side string

const (
	Client Side = "client"
	Server Side = "server"
	None   Side = "" // whoever wrote the transcript down
)

// Other is the one at the other end.
func (s Side) Other() Side {
	if s == Client {
		return Server
	}
	return Client
}

// A Kind says what a line is.
type Kind string

const (
	Greeting  Kind = "greeting"  // of the server's first reply (RFC 5321 §3.1)
	Command   Kind = "command"   // of the client, whether or not the server knows it
	Reply     Kind = "reply"     // one line of it
	Challenge Kind = "challenge" // 334 to AUTH or to a response (RFC 4954 §4)
	Response  Kind = "response"  // to a challenge; an initial one is part of a Command
	Cancel    Kind = "cancel"    // "*" in place of a response
	Message   Kind = "message"   // text between 354 and the dot, and that dot
	Note      Kind = "note"      // an event: nobody said it
	TLS       Kind = "tls"       // an event: the handshake is over
)

// A Line is one line of a transcript. Its octets are not copied.
type Line struct {
	Side   Side
	Kind   Kind
	Octets []byte    // without its line end; of an event, its words
	End    string    // CR LF, or what stood in its place; "" where that is not known
	Verb   smtp.Verb // Command: in upper case, if it is one that package smtp knows
	Code   int       // of the server: the reply code; 0 where there is none
	More   bool      // of the server: the reply has another line
	Base64 Range     // Challenge, Response, Command AUTH
	Place  Place
}

// A Range is where base64 stands in a line, Length octets from Offset on. What
// is present may be empty: "=" behind AUTH, and nothing in a challenge or a
// response (RFC 4954 §4).
type Range struct {
	Present        bool
	Offset, Length int
}

// A Place is where in a text a line was read.
type Place struct {
	Line   int // from 1; 0: from no text
	Offset int // of the line's octets in it
}

// Text is what stands where base64 should, as it was said.
func (l *Line) Text() []byte { return l.Octets[l.Base64.Offset:][:l.Base64.Length] }

// Decoded is what the base64 spells. It is not ok where there is none, or where
// what stands there is not base64 to the letter (RFC 4648 §4).
func (l *Line) Decoded() (octets []byte, ok bool) {
	var quiet *trace.Recorder
	v, err := quiet.Unbase64("", trace.Value{Octets: l.Text()})
	return v.Octets, err == nil && l.Base64.Present
}

// Mechanism is what an AUTH command names, as it was said; nil where it names
// nothing.
func (l *Line) Mechanism() []byte {
	if l.Verb != smtp.AUTH {
		return nil
	}
	_, mechanism, _ := command(l.Octets)
	return mechanism
}

// command reads a line as leniently as any server might. Its verb is the first
// printable word, behind blanks; "" where package smtp does not know it. AUTH is
// found behind and before any octets that are not printable, as what follows it
// may be a secret: the mechanism, and behind that the initial response, from at
// on.
func command(line []byte) (verb smtp.Verb, mechanism []byte, at int) {
	start := max(0, bytes.IndexFunc(line, printable))
	first, rest := word(line[start:])
	if len(first) > len(smtp.STARTTLS) {
		return "", nil, len(line)
	}
	verb = smtp.Verb(bytes.ToUpper(first))
	apart := len(bytes.TrimFunc(line[:start], blank)) == 0 && (len(bytes.TrimFunc(rest, blank)) == 0 || rest[0] == ' ')
	if verb != smtp.AUTH && !(verb.Known() && apart) {
		return "", nil, len(line)
	}
	mechanism, rest = word(bytes.TrimLeftFunc(rest, blank))
	return verb, mechanism, len(line) - len(bytes.TrimLeftFunc(rest, blank))
}

// code is that of a reply's line, RFC 5321 §4.2, and whether another line
// follows; 0 where the line is of no reply.
func code(line []byte) (code int, more bool) {
	if len(line) < 3 || line[0] < '2' || line[0] > '5' || len(line) > 3 && line[3] != ' ' && line[3] != '-' {
		return 0, false
	}
	for _, c := range line[:3] {
		if c < '0' || c > '9' {
			return 0, false
		}
		code = 10*code + int(c-'0')
	}
	return code, len(line) > 3 && line[3] == '-'
}

func word(line []byte) (word, rest []byte) {
	n := 0
	for n < len(line) && printable(rune(line[n])) {
		n++
	}
	return line[:n], line[n:]
}

func printable(r rune) bool { return '!' <= r && r <= '~' } // VCHAR, RFC 5234 appendix B.1
func blank(r rune) bool     { return r <= ' ' }
