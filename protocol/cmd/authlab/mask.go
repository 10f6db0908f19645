package main

import (
	"bytes"
	"slices"

	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/server"
	"example.org/smtpauth/protocol/session"
	"example.org/smtpauth/protocol/smtp"
	"example.org/smtpauth/protocol/tlslink"
	"example.org/smtpauth/protocol/trace"
	"example.org/smtpauth/protocol/transcript"
)

// stars stand for a secret, whatever its length (AUTH-50).
const stars = "********"

// A masker masks what a client says in one native session, in order.
type masker struct {
	lines transcript.Follower
	tried bool // there was an AUTH: a line that is no command may be its response, come too late
	due   bool // the server's state has it that a response is due: it may have asked in silence
}

// client is a line of the client, given without its CR LF, as it may be shown.
// "*" and an empty response tell nothing.
func (m *masker) client(l transcript.Line) []byte {
	m.tried = m.tried || l.Verb == smtp.AUTH
	switch {
	case l.Kind == transcript.Message, len(l.Octets) == 0, string(l.Octets) == "*":
		return l.Octets
	case m.due, l.Kind == transcript.Response, m.tried && l.Verb == "":
		return []byte(stars)
	case l.Verb == smtp.AUTH && !inForm(l.Octets):
		return []byte("AUTH " + stars)
	case l.Base64.Length > 0:
		return slices.Concat(l.Octets[:l.Base64.Offset], []byte(stars))
	}
	return l.Octets
}

// server takes a reply with its CR LF: what the client says next follows from it.
func (m *masker) server(reply []byte) {
	for line := range bytes.SplitAfterSeq(reply, []byte("\r\n")) {
		if len(line) > 0 {
			m.lines.Follow(transcript.Server, bytes.TrimSuffix(line, []byte("\r\n")))
		}
	}
}

// inForm reports whether an AUTH line has nothing but a mechanism where one
// should stand (RFC 4954 §8).
func inForm(line []byte) bool {
	cmd, _ := smtp.ParseCommand(line)
	return cmd.Mechanism != "" || cmd.Verb == smtp.AUTH && cmd.Arg == ""
}

// expect takes what the server did before its frames are masked: of an AUTH that
// it does not answer there is no frame before that of the response.
func (m *masker) expect(events []server.Event) {
	for _, e := range events {
		m.tried = m.tried || e.Kind == machine.Took && m.lines.Read(transcript.Client, e.Line).Verb == smtp.AUTH
	}
}

// frame returns f without what is secret. It shares nothing that it changes.
func (m *masker) frame(f session.Frame) session.Frame {
	switch {
	case f.Kind == session.Handshake:
		m.lines.Secured(nil)
	case f.Kind == session.Body:
		m.lines.Follow(transcript.Client, []byte("."))
	case f.Side == session.Client && f.Kind == session.Line:
		m.said(&f)
	}
	f.Server = slices.Clone(f.Server)
	for i := range f.Server {
		e := &f.Server[i]
		switch e.Kind {
		case machine.Took:
			e.Line = m.client(m.lines.Follow(transcript.Client, e.Line))
			e.Base64 = machine.Base64{} // whose length would tell
		case machine.Said:
			m.server(e.Octets)
		case machine.Dropped:
			e.Line = []byte(stars)
		}
		e.Trace = maskSteps(e.Trace)
	}
	f.Wire = maskWire(f)
	m.due = f.ServerState.Phase == server.Exchange
	return f
}

// said masks a line of the client that the server takes next; what was base64 is
// stars then.
func (m *masker) said(f *session.Frame) {
	l := m.lines.Read(transcript.Client, bytes.TrimSuffix(f.Octets, []byte("\r\n")))
	masked := m.client(l)
	if bytes.Equal(masked, l.Octets) {
		return
	}
	f.Octets, f.Decoded = append(masked, "\r\n"...), nil
	if f.Base64 != nil {
		f.Base64 = &machine.Base64{Offset: len(masked) - len(stars), Length: len(stars)}
	}
}

// maskWire masks what a listener has of f: nothing but what f has in clear
// text, and no plaintext of TLS but that of its handshake.
func maskWire(f session.Frame) (wire []session.Chunk) {
	for _, c := range f.Wire {
		switch {
		case f.Sealed || f.TLS != nil || f.Kind == session.End && f.ServerState.TLS || isTLS(c):
			c.Records = slices.Clone(c.Records)
			for i := range c.Records {
				if r := &c.Records[i]; r.Inner != "handshake" && r.Inner != "alert" {
					r.Plain = nil
				}
			}
		case c.Toward == session.Client:
		case f.Kind == session.Line || f.Kind == session.Body:
			c.Octets = f.Octets
		default:
			continue
		}
		wire = append(wire, c)
	}
	return wire
}

// isTLS reports whether a chunk ends in whole records of TLS.
func isTLS(c session.Chunk) bool {
	return len(c.Records) > 0 && !slices.ContainsFunc(c.Records, func(r tlslink.Record) bool { return r.Type == tlslink.NotTLSRecord })
}

// Labels of values that are no secret: those that the server makes, with what
// they are made of, and names, which stand in the state too.
var (
	made  = []string{"challenge", "challenge-base64", "random", "random-hex", "seconds", "host", "username-prompt", "password-prompt"}
	named = []string{"authcid", "authcid-prepared", "authzid", "authzid-prepared", "stored-authzid"}
)

// maskSteps masks all but those: of the others it is told that they were
// computed.
func maskSteps(steps []trace.Step) (masked []trace.Step) {
	hidden := trace.Value{Octets: []byte(stars)}
	for _, s := range steps {
		if !slices.Contains(made, s.Label) {
			s.Sub, s.In = nil, slices.Repeat([]trace.Value{hidden}, len(s.In))
			if !slices.Contains(named, s.Label) {
				s.Out = hidden
			}
		}
		masked = append(masked, s)
	}
	return masked
}
