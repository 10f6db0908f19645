package view

import (
	"bytes"

	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/session"
	"example.org/smtpauth/protocol/smtp"
)

// A Line is what stands between two line ends.
type Line []Run

// A measure tells how many octets at the front of a line are of a kind.
type measure func(line []byte) int

// replyCode measures "250-".
func replyCode(line []byte) int {
	if len(line) < 4 || !only(line[:1], "2345") || !only(line[1:3], numerals) || !only(line[3:4], " -") {
		return 0
	}
	return 4
}

// enhanced measures "5.7.8 ".
func enhanced(line []byte) int {
	_, rest, ok := smtp.ParseEnhanced(string(line))
	if n := len(line) - len(rest); ok && line[n-1] == ' ' {
		return n
	}
	return 0
}

func commandVerb(line []byte) int { return span(line, numerals+upper+lower) }

func cancelled(line []byte) int { return min(1, span(line, "*")) }

// lines cuts what was said in a frame at its line ends.
func lines(f *session.Frame) []Line {
	var all []Line
	base64 := machine.Base64{Offset: len(f.Octets)}
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
	take := func(kind RunKind, front measure) string {
		n := front(text)
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
		take(Code, replyCode)
		take(Enhanced, enhanced)
		if !first && listing(f) {
			return append(line, offer(string(text))...)
		}
	case said(f) == machine.OnCancel:
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

func isCommand(f *session.Frame) bool {
	on := said(f)
	return on != "" && on != machine.OnResponse && on != machine.OnCancel && on != machine.OnMessage
}
