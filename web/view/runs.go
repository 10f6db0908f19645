package view

import (
	"encoding/hex"
	"fmt"
	"strings"
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
	Control  RunKind = "control" // one that does not print, by its picture: "␀"
	Count    RunKind = "count"   // how many equal octets there are, in their place
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
		if n := len(runs); n > 0 && kind == Plain && runs[n-1].Kind == Plain {
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

// kvsep stands between the parts of OAUTHBEARER's message (RFC 7628 §3.1).
const kvsep = 1

// Readable tells whether octets are text that prints, NUL and ends of lines
// apart, and kvsep, where most of it prints.
func Readable(octets []byte) bool {
	if !utf8.Valid(octets) {
		return false
	}
	seps := 0
	for _, r := range string(octets) {
		switch {
		case r == kvsep:
			seps++
		case r != 0 && r != '\r' && r != '\n' && picture(r) != "":
			return false
		}
	}
	return 3*seps <= len(octets) && (seps == 0 || octets[0] != kvsep)
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

// ControlName is what ASCII calls a control octet, by its picture: "NUL". Few
// fonts have the pictures. It is empty for other characters.
func ControlName(picture string) string {
	r, _ := utf8.DecodeRuneInString(picture)
	if r == 0x2421 {
		return "DEL"
	}
	if i := int(r) - 0x2400; i >= 0 && i < len(controls) {
		return controls[i]
	}
	return ""
}

var controls = strings.Fields("NUL SOH STX ETX EOT ENQ ACK BEL BS HT LF VT FF CR SO SI " +
	"DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US")

// cutRuns shortens runs to n characters, the last of them an ellipsis.
func cutRuns(runs []Run, n int) []Run {
	var short []Run
	for i, r := range runs {
		length := utf8.RuneCountInString(r.Text)
		if length > n || length == n && i < len(runs)-1 {
			r.Text = cut(r.Text+"…", max(n, 1))
			return append(short, r)
		}
		short = append(short, r)
		n -= length
	}
	return short
}
