package main

import (
	"encoding/json"
	"fmt"
	"io"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"example.org/smtpauth/protocol/netio"
	"example.org/smtpauth/protocol/server"
	"example.org/smtpauth/protocol/session"
)

// A frameWriter writes frames as JSON, one a line. Many sessions may write at
// once where out takes whole lines of many.
type frameWriter struct {
	out         io.Writer
	showSecrets bool
}

// watch makes frames of a native session.
func (w *frameWriter) watch(id int, role server.Role) func(netio.Note) {
	framer, mask := session.NewFramer(id, role), &masker{}
	return func(n netio.Note) {
		switch n.Kind {
		case netio.Passed:
			toward := session.Client
			if n.ToServer {
				toward = session.Server
			}
			framer.Passed(session.Chunk{Toward: toward, Octets: n.Octets, Records: n.Records})
		case netio.Shook:
			framer.Shook(n.Facts, n.Failure)
		case netio.Stepped:
			mask.expect(n.Server)
			for _, f := range framer.Step(n.Octets, n.Server) {
				if !w.showSecrets {
					f = mask.frame(f)
				}
				w.write(f)
			}
		}
	}
}

// deliver tells of a message.
func (w *frameWriter) deliver(id int, m *server.Message) error {
	return w.write(struct {
		Session int             `json:"session"`
		Message *server.Message `json:"message"`
	}{id, m})
}

// write writes what is told, in a line.
func (w *frameWriter) write(told any) error {
	line, err := jsonLine(told)
	if err != nil {
		return err
	}
	_, err = w.out.Write(line)
	return err
}

// jsonLine is v as JSON in a line, with what is not printable escaped: a terminal
// takes some of it for commands, and encoding/json escapes the first 32 alone.
func jsonLine(v any) ([]byte, error) {
	text, err := json.Marshal(v)
	var line []byte
	for _, r := range string(text) {
		switch {
		case unicode.IsPrint(r):
			line = utf8.AppendRune(line, r)
		case r < 1<<16:
			line = fmt.Appendf(line, `\u%04x`, r)
		default:
			high, low := utf16.EncodeRune(r)
			line = fmt.Appendf(line, `\u%04x\u%04x`, high, low)
		}
	}
	return append(line, '\n'), err
}
