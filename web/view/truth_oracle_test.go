//go:build !js

package view

import (
	"bytes"
	"encoding/base64"
	"strings"

	"example.org/smtpauth/protocol/session"
)

// What passed tells by itself, without any trace, what somebody who had it
// learned. An oracle reads octets and knows the RFCs.
type oracle struct {
	text     []byte   // lines in clear text, as they were had
	messages [][]byte // what the base64 in them spells
}

// offline are the messages on which passwords can be tried by whoever has all of
// them, and the section that says so. A log-in by any other mechanism gives
// nothing to try them on.
var offline = []struct {
	mechanism, section string
	messages           [][]string // each: what one of the messages has in it
}{
	{"CRAM-MD5", "RFC 2195 §5", [][]string{{"<", "@", ">"}, {" ", "0123456789abcdef"}}},
	{"SCRAM-", "RFC 5802 §9", [][]string{{"r=", ",s=", ",i="}, {"c=", ",r=", ",p="}}},
	{"DIGEST-MD5", "RFC 2831 §3.3", [][]string{{"username=", "nonce=", "cnonce=", "response="}}},
	{"NTLM", "[MS-NLMP] §5.1", [][]string{{"NTLMSSP\x00\x02\x00\x00\x00"}, {"NTLMSSP\x00\x03\x00\x00\x00"}}},
}

// hear takes lines in.
func (o *oracle) hear(octets []byte) {
	o.text = append(o.text, octets...)
	for _, word := range bytes.Fields(octets) {
		if message, err := base64.StdEncoding.Strict().DecodeString(string(word)); err == nil && len(message) > 0 {
			o.messages = append(o.messages, message)
		}
	}
}

// reads tells whether a text stands in what was had, in base64 or not.
func (o *oracle) reads(text string) bool {
	any := bytes.Contains(o.text, []byte(text))
	for _, m := range o.messages {
		any = any || bytes.Contains(m, []byte(text))
	}
	return any
}

// has is what whoever had it has of the password, or of a token (RFC 6750 §2.1).
func (o *oracle) has(password string) Holding {
	switch {
	case o.reads(password), o.reads("auth=Bearer "):
		return Has
	case o.tries():
		return Guess
	}
	return HasNot
}

// tries tells whether all is there that some mechanism's passwords are tried on.
func (o *oracle) tries() bool {
	for _, row := range offline {
		if !strings.Contains(strings.ToUpper(string(o.text)), "AUTH "+row.mechanism) {
			continue
		}
		found := 0
		for _, want := range row.messages {
			for _, m := range o.messages {
				if matches(string(m), want) {
					found++
					break
				}
			}
		}
		if found == len(row.messages) {
			return true
		}
	}
	return false
}

// matches tells whether a message has everything in it; of hexadecimal digits it
// has 32 at its end, as MD5 gives them.
func matches(message string, want []string) bool {
	for _, part := range want {
		if part == "0123456789abcdef" {
			if digits := message[strings.LastIndexByte(message, ' ')+1:]; len(digits) != 32 || !only(digits, part) {
				return false
			}
		} else if !strings.Contains(message, part) {
			return false
		}
	}
	return true
}

// A wiretap is what three have of a run so far: a listener outside, somebody in
// the middle of TLS, and who hears what is said within it, the two ends.
type wiretap struct {
	outside, middle, ends oracle
	tls, intercepted      bool
}

// follow takes a frame in.
func (w *wiretap) follow(f *session.Frame) {
	w.ends.hear(f.Octets)
	for _, c := range f.Wire {
		if len(c.Records) == 0 {
			w.outside.hear(c.Octets)
			w.middle.hear(c.Octets)
		}
		if !c.Beyond || c.Toward == session.Client {
			w.middle.hear(c.Heard)
		}
		w.intercepted = w.intercepted || f.TLS != nil && c.Beyond
	}
	w.tls = w.tls || f.TLS != nil
}
