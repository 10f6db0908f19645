package transcript

import (
	"bytes"
	"slices"

	"example.org/smtpauth/protocol/smtp"
)

// A Follower follows one conversation. Lines are given in the order in which
// they were said: a client may say several before the first is answered
// (RFC 2920), and a server may answer none. The zero value is ready, before the
// greeting.
//
// BDAT is a command like any other: nothing here takes its message.
type Follower struct {
	greeted   bool
	challenge bool      // the server waits for a response
	text      bool      // the client's lines are a message
	part      Kind      // of the reply under way; "": none
	waiting   []awaited // what was not answered yet, the oldest first
}

// What a client said that is answered, as far as the answer depends on it.
type awaited byte

const (
	plain awaited = iota
	auth
	response
	starttls
	data
	dot // alone on a line, behind DATA
)

// verbs are the commands after which more changes than that they are answered.
var verbs = map[smtp.Verb]awaited{smtp.AUTH: auth, smtp.STARTTLS: starttls, smtp.DATA: data}

// answers are the replies that answer nothing but this: what waits before it
// was passed over by the server.
var answers = map[int][]awaited{334: {auth, response}, 354: {data}}

// Follow returns what a line is, given without its line end. Its octets may be
// any.
func (f *Follower) Follow(from Side, octets []byte) Line {
	l := f.Read(from, octets)
	switch from {
	case Client:
		f.said(&l)
	case Server:
		f.answered(&l)
	}
	return l
}

// Read is Follow, and what is said next is read as if this had not been said.
func (f *Follower) Read(from Side, octets []byte) Line {
	l := Line{Side: from, Octets: octets, Kind: Note}
	switch from {
	case Client:
		f.readClient(&l)
	case Server:
		f.readServer(&l)
	}
	return l
}

// Secured returns the line of an event that TLS is up. What was said and not
// answered is forgotten (RFC 3207 §4.2), as both sides forget it.
func (f *Follower) Secured(words []byte) Line {
	*f = Follower{greeted: f.greeted}
	return Line{Kind: TLS, Octets: words}
}

func (f *Follower) readClient(l *Line) {
	verb, mechanism, at := command(l.Octets)
	early := f.last() == auth || f.last() == response // the challenge has not come yet
	switch {
	case f.text:
		l.Kind = Message
	case !f.challenge && (!early || verb != ""):
		l.Kind, l.Verb = Command, verb
		if initial := bytes.TrimRightFunc(l.Octets[at:], blank); verb == smtp.AUTH && len(initial) > 0 {
			l.Base64 = Range{true, at, len(initial)}
			if string(initial) == "=" && len(mechanism) > 0 {
				l.Base64.Length = 0
			}
		}
	case string(l.Octets) == "*":
		l.Kind = Cancel
	default:
		l.Kind, l.Base64 = Response, Range{Present: true, Length: len(l.Octets)}
	}
}

// said notes what a line of the client asks for.
func (f *Follower) said(l *Line) {
	what := verbs[l.Verb]
	switch {
	case l.Kind == Message && string(l.Octets) != ".":
		return
	case l.Kind == Message:
		f.text = false
	case l.Kind != Command:
		what = response
	case string(l.Octets) == ".":
		what = dot
	}
	f.challenge = false
	f.waiting = append(f.waiting, what)
}

func (f *Follower) readServer(l *Line) {
	l.Code, l.More = code(l.Octets)
	switch {
	case f.part != "":
		l.Kind = f.part
	case !f.greeted && (len(f.waiting) == 0 || l.Code == 554 || l.Code == 220 && f.waiting[0] != starttls):
		l.Kind = Greeting // RFC 5321 §4.3.2
	case l.Code == 334 && (f.challenge || f.find(answers[334]...) >= 0):
		l.Kind = Challenge
		if at := min(len("334 "), len(l.Octets)); !l.More {
			l.Base64 = Range{true, at, len(l.Octets) - at}
		}
	default:
		l.Kind = Reply
	}
}

// answered notes what the last line of a reply answers. A line without a code
// answers nothing. Whatever a server answers ends an exchange and a message: it
// has had what it waited for, shown in the transcript or not.
func (f *Follower) answered(l *Line) {
	if f.greeted = true; l.More {
		f.part = l.Kind
		return
	}
	f.part = ""
	if l.Code == 0 || l.Kind == Greeting {
		return
	}
	f.challenge, f.text = false, false
	i := f.find(answers[l.Code]...)
	switch {
	case l.Code == 421: // RFC 5321 §3.8: to anything, and the end
		f.waiting = nil
	case l.Kind == Challenge:
		f.waiting = f.waiting[i+1:]
		f.exchange()
	case i >= 0:
		f.waiting = f.waiting[i+1:]
		f.message()
	case len(f.waiting) > 0:
		f.waiting = f.waiting[1:]
	}
}

// exchange lets the next line of the client be a response, one too that was said
// before it was asked for.
func (f *Follower) exchange() {
	if f.challenge = len(f.waiting) == 0; !f.challenge {
		f.waiting[0] = response
	}
}

// message lets the lines of the client that follow be text, up to the dot; those
// too that were said before they were asked for.
func (f *Follower) message() {
	if i := f.find(dot); i >= 0 {
		f.waiting = f.waiting[i:]
		return
	}
	f.text, f.waiting = true, f.waiting[:0]
}

// find is where the first of these waits for an answer; -1: nowhere.
func (f *Follower) find(these ...awaited) int {
	if len(these) == 0 {
		return -1 // however much waits
	}
	return slices.IndexFunc(f.waiting, func(what awaited) bool { return slices.Contains(these, what) })
}

// last is what was said last of what is not answered.
func (f *Follower) last() awaited {
	if n := len(f.waiting); n > 0 {
		return f.waiting[n-1]
	}
	return plain
}
