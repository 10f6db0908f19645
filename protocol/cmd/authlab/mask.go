package main

import (
	"bytes"
	"slices"
	"strings"

	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/server"
	"example.org/smtpauth/protocol/session"
	"example.org/smtpauth/protocol/smtp"
	"example.org/smtpauth/protocol/tlslink"
	"example.org/smtpauth/protocol/trace"
)

// stars stand for a secret, whatever its length (AUTH-50).
const stars = "********"

// maskResponse masks a response line; "*" and an empty one tell nothing.
func maskResponse(line string) string {
	if line == "" || line == "*" {
		return line
	}
	return stars
}

// maskCommand masks what stands behind the mechanism of an AUTH line. "=" is
// an empty response.
func maskCommand(line string) string {
	words := strings.Fields(line)
	switch {
	case len(words) < 2 || !strings.EqualFold(words[0], "AUTH"):
		return line
	case !mechanismName(words[1]):
		return words[0] + " " + stars
	case len(words) == 2 || len(words) == 3 && words[2] == "=":
		return line
	}
	return words[0] + " " + words[1] + " " + stars
}

func mechanismName(word string) bool {
	return len(word) <= smtp.MaxMechanism && strings.Trim(strings.ToUpper(word), "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") == ""
}

// A masker masks the frames of one native session, in order.
type masker struct {
	phase server.Phase // before the frame at hand
	tried bool         // there was an AUTH: a line that is no command may be its response, come too late
}

func newMasker() *masker { return &masker{phase: server.Waiting} }

// line masks a line of the client, given without its CR LF.
func (m *masker) line(line string) string {
	if m.phase == server.Exchange {
		return maskResponse(line)
	}
	verb, _, _ := strings.Cut(strings.TrimSpace(line), " ")
	auth := strings.EqualFold(verb, "AUTH")
	m.tried = m.tried || auth
	if m.tried && !smtp.Verb(strings.ToUpper(verb)).Known() {
		return maskResponse(line)
	}
	return maskCommand(line)
}

// frame returns f without what is secret. It shares nothing that it changes.
func (m *masker) frame(f session.Frame) session.Frame {
	if f.Side == session.Client && f.Kind == session.Line {
		m.said(&f)
	}
	f.Server = slices.Clone(f.Server)
	for i := range f.Server {
		e := &f.Server[i]
		switch e.Kind {
		case machine.Took:
			e.Line, e.Base64 = []byte(m.line(string(e.Line))), machine.Base64{} // whose length would tell
		case machine.Dropped:
			e.Line = []byte(stars)
		}
		e.Trace = maskSteps(e.Trace)
	}
	f.Wire = maskWire(f)
	m.phase = f.ServerState.Phase
	return f
}

// said masks a line of the client; what was base64 is stars then.
func (m *masker) said(f *session.Frame) {
	line := strings.TrimSuffix(string(f.Octets), "\r\n")
	masked := m.line(line)
	if masked == line {
		return
	}
	f.Octets, f.Decoded = []byte(masked+"\r\n"), nil
	if f.Base64 != nil {
		f.Base64 = &machine.Base64{Offset: bytes.Index(f.Octets, []byte(stars)), Length: len(stars)}
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
