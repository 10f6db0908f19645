package trace

import (
	"errors"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// ErrPrepare says that RFC 4013 prohibits a string, or that it is not UTF-8.
var ErrPrepare = errors.New("trace: prohibited by RFC 4013")

// Prepare returns the SASLprep form (RFC 4013) of v as a query string, such
// as a name that the peer sent. It may be empty. The error is ErrPrepare.
func (r *Recorder) Prepare(label string, v Value) (Value, error) { return r.prepare(label, v, false) }

// PrepareStored is Prepare for a string that will be stored: it may not hold
// code points that Unicode 3.2 leaves unassigned (RFC 3454 §7).
func (r *Recorder) PrepareStored(label string, v Value) (Value, error) {
	return r.prepare(label, v, true)
}

func (r *Recorder) prepare(label string, v Value, stored bool) (Value, error) {
	out := Value{Octets: v.Octets}
	if !plain(v.Octets) {
		if !utf8.Valid(v.Octets) {
			return Value{}, ErrPrepare
		}
		text := normalize(strings.Map(mapping, string(v.Octets)))
		if !allowed(text, stored) {
			return Value{}, ErrPrepare
		}
		out.Octets = []byte(text)
	}
	if r == nil {
		return out, nil
	}
	return r.note(Step{Op: Prepare, Label: label, In: []Value{v}, Out: out}, nil), nil
}

// plain reports whether octets are printable ASCII, which no table names but
// that of letters from left to right: they are their own form.
func plain(octets []byte) bool {
	for _, c := range octets {
		if c < ' ' || c > '~' {
			return false
		}
	}
	return true
}

// mapping is RFC 4013 §2.1. U+200B stands in both tables: it becomes nothing.
func mapping(r rune) rune {
	switch {
	case r < utf8.RuneSelf:
		return r
	case mappedToNothing.has(r):
		return -1
	case spaces.has(r):
		return ' '
	}
	return r
}

// normalize is NFKC as of Unicode 3.2 (RFC 4013 §2.2). The library knows newer
// characters, which it would change; for Unicode 3.2 they have no decomposition
// and combine with nothing, so what is between them is normalized by itself.
func normalize(text string) string {
	var b strings.Builder
	for text != "" {
		n := strings.IndexFunc(text, unassigned.has)
		if n < 0 {
			n = len(text)
		}
		b.WriteString(norm.NFKC.String(text[:n]))
		_, size := utf8.DecodeRuneInString(text[n:])
		b.WriteString(text[n : n+size])
		text = text[n+size:]
	}
	return b.String()
}

// allowed is RFC 4013 §2.3 to §2.5: what is prohibited, the rule for strings
// that run in both directions, and what is unassigned.
func allowed(text string, stored bool) bool {
	for _, r := range text {
		if prohibited.has(r) || r >= utf8.RuneSelf && spaces.has(r) || stored && unassigned.has(r) {
			return false
		}
	}
	return oneDirection(text)
}

// oneDirection is the rule of RFC 3454 §6.
func oneDirection(text string) bool {
	rightward, leftward := false, false
	for _, r := range text {
		leftward = leftward || rightToLeft.has(r)
		rightward = rightward || leftToRight.has(r)
	}
	if !leftward {
		return true
	}
	first, _ := utf8.DecodeRuneInString(text)
	last, _ := utf8.DecodeLastRuneInString(text)
	return !rightward && rightToLeft.has(first) && rightToLeft.has(last)
}

// PrepareTrace checks v by the trace profile of RFC 4505 §3, which changes
// nothing and prohibits what SASLprep does, but for spaces and table C.7, the
// ideographic description characters. The error is ErrPrepare.
func (r *Recorder) PrepareTrace(label string, v Value) (Value, error) {
	wrong := strings.ContainsFunc(v.String(), func(c rune) bool { return prohibited.has(c) && (c < 0x2ff0 || c > 0x2ffb) })
	if wrong || !utf8.Valid(v.Octets) || !oneDirection(v.String()) {
		return Value{}, ErrPrepare
	}
	out := Value{Octets: v.Octets}
	if r == nil {
		return out, nil
	}
	return r.note(Step{Op: Prepare, Label: label, In: []Value{v}, Out: out}, nil), nil
}
