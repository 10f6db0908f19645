package server

import (
	"encoding/hex"
	"io"
	"strings"
	"time"

	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/quirk"
	"example.org/smtpauth/protocol/smtp"
)

// A message is what the lines after 354 have brought so far.
type message struct {
	text   []byte
	held   int   // octets of text for which room was asked
	size   int64 // octets, also those past the limit
	refuse *outcome
}

// Why a message is refused at its end (the lines are swallowed until then).
var (
	bareLineEnd = ends("DAT-06", "RFC 5321 §2.3.8", 550, badSyntax, "Bare CR or LF in the message")
	longText    = ends("DAT-08", "RFC 5321 §4.5.3.1.6", 550, smtp.EnhancedCode{5, 6, 0}, "Text line too long")
	overSize    = ends("DAT-09", "RFC 1870 §6.3", 552, tooBig, "Message too big")
	// foreignSender is SUB-03 where it is found only now.
	foreignSender = ends("SUB-03", "RFC 6409 §6.1", 553, unauthorized, "Sender address not owned by the authenticated user")
	nowStored     = ends("DAT-10", "RFC 5321 §4.3.2", 250, ok, "Message accepted")
	notStored     = ends("DAT-10", "RFC 5321 §4.3.2", 451, smtp.EnhancedCode{4, 3, 0}, "Local error, try again later")
	noRoom        = ends("DAT-10", "RFC 5321 §4.3.2", 452, smtp.EnhancedCode{4, 3, 1}, "Insufficient system storage")
)

// textLine takes one line of the message: nothing in it is a command (DAT-11).
func (s *Server) textLine(line smtp.Line) {
	m := s.message
	text, end := smtp.UnstuffDot(line.Octets)
	length := line.Length - (len(line.Octets) - len(text)) // without the dot that was added (RFC 1870 §3)
	switch {
	case line.Rule == "CMD-02" && !s.does(quirk.BareLF): // DAT-06: a dot beside a bare CR or LF ends nothing
		m.refuse = &bareLineEnd
	case length > smtp.MaxTextLine:
		m.refuse = &longText
	case end:
		s.endOfMessage()
		return
	}
	if m.size += int64(length); m.size > s.policy.maxSize() {
		m.refuse = &overSize
	}
	if m.refuse == nil && !s.hold(len(text)+len("\r\n")) {
		m.refuse = &noRoom
	}
	if m.refuse != nil { // what is refused is not kept
		s.release()
		return
	}
	if s.deliver != nil || !s.reuses { // somebody may ask for it
		m.text = append(append(m.text, text...), "\r\n"...)
	}
}

// hold reports whether there is room for so many octets more of a message.
func (s *Server) hold(n int) bool {
	if s.budget == nil || s.deliver == nil && s.reuses {
		return true
	}
	if !s.budget(n) {
		return false
	}
	s.message.held += n
	return true
}

// release forgets the text of the message under way, and gives its room back.
func (s *Server) release() {
	if m := s.message; m != nil {
		if m.held > 0 {
			s.budget(-m.held)
		}
		m.text, m.held = nil, 0
	}
}

// endOfMessage gives the one reply for all recipients and empties the buffers
// (DAT-10, SEQ-17).
func (s *Server) endOfMessage() {
	m, o, place := s.message, &nowStored, Place("message")
	if m.refuse != nil {
		o, place = m.refuse, "message-refused"
	}
	if q := (&query{State: s.state, policy: s.policy, store: s.store}); q.foreign(s.envelope.ReversePath) && s.does(quirk.SenderAtEnd) {
		o, place = &foreignSender, "sender-not-owned"
	}
	if o == &nowStored && !s.declines(place) {
		if id, err := s.accept(m); err != nil {
			o, place = &notStored, "message-not-kept"
		} else {
			accepted := *o
			accepted.reply = smtp.Say(250, ok, "Message accepted as "+id)
			o = &accepted
		}
	}
	s.release()
	s.message = nil
	s.say(place, machine.OnMessage, o.RuleID, o.reply)
	if s.state.Phase == Data { // its own words ask for more
		s.message = &message{}
		return
	}
	s.envelope = Envelope{}
}

// accept hands a message over, if to anybody, before the reply says so: from then
// on it must not be lost (RFC 5321 §4.2.5).
func (s *Server) accept(m *message) (id string, err error) {
	var random [6]byte
	io.ReadFull(s.env.Rand, random[:]) // the source never ends (Env)
	id = hex.EncodeToString(random[:])
	accepted := &Message{id, s.envelope.Clone(), append(s.received(id), m.text...)}
	if s.deliver != nil {
		if err := s.deliver(accepted); err != nil {
			return id, err
		}
	}
	s.event(machine.Accepted).Message = accepted
	return id, nil
}

// received is the trace line on top of a message (RFC 5321 §4.4); its "with"
// word is RFC 3848's.
func (s *Server) received(id string) []byte {
	with := "SMTP"
	if s.state.ESMTP {
		with = "ESMTP"
		if s.state.TLS {
			with += "S"
		}
		if s.state.Authcid != "" {
			with += "A"
		}
	}
	var b strings.Builder
	b.WriteString("Received: from " + s.state.Domain + " by " + s.policy.Host + "\r\n\twith " + with + " id " + id + ";\r\n\t")
	b.WriteString(s.env.Now().Format(time.RFC1123Z) + "\r\n")
	return []byte(b.String())
}

// newEnvelope opens a transaction from a MAIL command that no rule refused.
func (s *Server) newEnvelope(cmd *smtp.Command) Envelope {
	body, _ := cmd.Param("BODY")
	_, utf8 := cmd.Param("SMTPUTF8")
	return Envelope{ReversePath: cmd.Path, Body: strings.ToUpper(body.Value), SMTPUTF8: utf8, Submitter: s.submitter(cmd)}
}

// submitter is AUTH= as far as it is trusted: from a client that has not
// authenticated it counts as "<>" (PAR-04); one that has may name itself, its
// reverse-path, or nobody (PAR-05); without the parameter it is the user
// (PAR-06).
func (s *Server) submitter(cmd *smtp.Command) string {
	p, given := cmd.Param("AUTH")
	if s.state.Authcid == "" || s.state.Anonymous {
		return "<>"
	}
	user := s.userMailbox()
	if !given {
		return user
	}
	value, _ := submitter(p.Value) // no rule refused it: it decodes
	if value != user && value != cmd.Path.Mailbox() {
		return "<>"
	}
	return value
}

// userMailbox is a mailbox made from as whom the user acts: the name, where it
// is a mailbox, else the name at this host; "<>" where neither can be said in
// ASCII.
func (s *Server) userMailbox() string {
	name := s.state.Authzid
	path, err := smtp.ParseMailbox(name)
	if err != nil {
		path, err = smtp.ParseMailbox(smtp.Path{Local: name, Domain: s.policy.Host}.Mailbox())
	}
	if err != nil {
		return "<>"
	}
	return path.Mailbox()
}
