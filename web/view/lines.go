package view

import (
	"bytes"
	"regexp"

	"example.org/smtpauth/protocol/client"
	"example.org/smtpauth/protocol/session"
)

// A Line is what stands between two line ends.
type Line []Run

var (
	replyLine   = regexp.MustCompile(`^[2-5][0-9]{2}[ -]`)
	enhanced    = regexp.MustCompile(`^[245]\.[0-9]{1,3}\.[0-9]{1,3} `)
	commandVerb = regexp.MustCompile(`^[A-Za-z0-9]+`)
	cancelled   = regexp.MustCompile(`^\*`)
)

// lines cuts what was said in a frame at its line ends.
func lines(f *session.Frame) []Line {
	var all []Line
	base64 := session.Range{Offset: len(f.Octets)}
	if f.Base64 != nil {
		base64 = *f.Base64
	}
	at := 0
	for _, octets := range bytes.SplitAfter(f.Octets, []byte("\r\n")) {
		if len(octets) > 0 {
			text := bytes.TrimSuffix(octets, []byte("\r\n"))
			from := min(max(base64.Offset-at, 0), len(text))
			to := min(max(base64.Offset+base64.Length-at, from), len(text))
			line := append(head(f, text[:from], len(all) == 0), spelled(text[from:to])...)
			all = append(all, append(line, Text(text[to:])...))
		}
		at += len(octets)
	}
	return all
}

// head cuts the part of a line before its base64.
func head(f *session.Frame, text []byte, first bool) Line {
	var line Line
	take := func(kind RunKind, pattern *regexp.Regexp) string {
		n := len(pattern.Find(text))
		if n > 0 {
			line = append(line, Run{kind, string(text[:n])})
		}
		taken := text[:n]
		text = text[n:]
		return string(taken)
	}
	switch {
	case f.Kind != session.Line:
	case f.Side == session.Server:
		take(Code, replyLine)
		take(Enhanced, enhanced)
		if !first && listing(f) {
			return append(line, offer(string(text))...)
		}
	case said(f) == client.OnCancel:
		take(Cancel, cancelled)
	case isCommand(f):
		verb := take(Verb, commandVerb)
		return append(line, arguments(verb, string(text))...)
	}
	return append(line, Text(text)...)
}

func spelled(text []byte) Line {
	if len(text) == 0 {
		return nil
	}
	return Line{{Base64, string(text)}}
}

// said is what of client.Moves the frame is; empty where the client said
// nothing.
func said(f *session.Frame) string {
	for _, e := range f.Client {
		if e.Kind == client.Said {
			return e.On
		}
	}
	return ""
}

func isCommand(f *session.Frame) bool {
	on := said(f)
	return on != "" && on != client.OnResponse && on != client.OnCancel && on != client.OnMessage
}
