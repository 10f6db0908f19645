package view

import (
	"encoding/hex"
	"fmt"
	"unicode"
	"unicode/utf8"
)

// A Run is a stretch of text of one kind.
type Run struct {
	Kind RunKind
	Text string
}

// RunKind says what a Run is, as the style sheets name it.
type RunKind string

const (
	Plain    RunKind = ""
	Code     RunKind = "code"     // a reply code with the space or hyphen behind it
	Enhanced RunKind = "enhanced" // an enhanced status code
	Verb     RunKind = "verb"     // of a command
	Keyword  RunKind = "keyword"  // of an EHLO reply
	Param    RunKind = "param"    // of MAIL or RCPT, its name
	Mech     RunKind = "mech"     // a mechanism: offered, or asked for
	Cancel   RunKind = "cancel"   // "*", in place of a response
	Base64   RunKind = "base64"
	Control  RunKind = "control" // octets that do not print, by their pictures: "␀"
	Hex      RunKind = "hex"     // octets that are not UTF-8
)

// Text cuts octets into runs that can be read: control octets by their
// pictures; all as hexadecimal digits, where they are not UTF-8.
func Text(octets []byte) []Run {
	if !utf8.Valid(octets) {
		return []Run{{Hex, hex.EncodeToString(octets)}}
	}
	var runs []Run
	for _, r := range string(octets) {
		kind, text := Plain, string(r)
		if p := picture(r); p != "" {
			kind, text = Control, p
		}
		if n := len(runs); n > 0 && runs[n-1].Kind == kind {
			runs[n-1].Text += text
		} else {
			runs = append(runs, Run{kind, text})
		}
	}
	return runs
}

// picture stands for a character that does not print; it is empty for others.
func picture(r rune) string {
	switch {
	case r < 0x20:
		return string(rune(0x2400) + r) // Control Pictures
	case r == 0x7f:
		return "\u2421"
	case r != ' ' && !unicode.IsPrint(r):
		return fmt.Sprintf("U+%04X", r)
	}
	return ""
}

// Readable tells whether octets are text that prints, NUL and ends of lines apart.
func Readable(octets []byte) bool {
	if !utf8.Valid(octets) {
		return false
	}
	for _, r := range string(octets) {
		if r != 0 && r != '\r' && r != '\n' && picture(r) != "" {
			return false
		}
	}
	return true
}

// join is the text of runs.
func join(runs []Run) string {
	s := ""
	for _, r := range runs {
		s += r.Text
	}
	return s
}

// cut shortens a text to n characters, the last of them an ellipsis.
func cut(s string, n int) string {
	for i := range s {
		if n--; n == 0 && len(s) > i+1 {
			return s[:i] + "…"
		}
	}
	return s
}
