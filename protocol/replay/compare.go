package replay

import (
	"regexp"
	"strings"

	"example.org/smtpauth/protocol/smtp"
)

// A Difference is where a machine did not answer as recorded.
type Difference struct {
	Line           int // of the recording's lines, from 0
	Recorded, Ours string
	Code           bool // the codes differ, or the outcome; else the text alone
}

// A Result is what a replay found.
type Result struct {
	Compared    int // answers
	Codes       int // of them with the same reply code and enhanced code
	Texts       int // of them with the same text too
	Differences []Difference
}

// Passed reports whether nothing differed.
func (r Result) Passed() bool { return len(r.Differences) == 0 }

// Add puts what another replay found to it.
func (r *Result) Add(o Result) {
	r.Compared += o.Compared
	r.Codes += o.Codes
	r.Texts += o.Texts
	r.Differences = append(r.Differences, o.Differences...)
}

// changing are the parts of a text that differ on every run: identifiers of a
// session or a message, dates, and the address that a client came from.
var changing = []*regexp.Regexp{
	regexp.MustCompile(`\([-_A-Za-z0-9]{22}\)|\([0-9a-f]{32}\)`),
	regexp.MustCompile(`\([0-9A-F]{6}\)`),
	regexp.MustCompile(`(?:queued as|id=|accepted as) ?\S+`),
	regexp.MustCompile(`\b[0-9A-Za-z]{6,14} Message accepted`),
	regexp.MustCompile(`\b\d+ bytes queued`),
	regexp.MustCompile(`\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d+ \w{3} \d{4} [0-9:]+ \S+`),
	regexp.MustCompile(`\d{4}-\d\d-\d\dT[0-9:]+Z`),
	regexp.MustCompile(`\[127\.0\.0\.\d+\]`),
}

// steady is text with what changes taken out.
func steady(text string) string {
	for _, c := range changing {
		text = c.ReplaceAllString(text, "…")
	}
	return text
}

// sameText reports whether two texts say the same. A recorded one may be
// shortened.
func sameText(recorded, ours string) bool {
	if m := elided.FindStringSubmatch(recorded); m != nil && strings.HasPrefix(ours, m[1]) {
		return true
	}
	return steady(recorded) == steady(ours)
}

// codes are a reply's code and its enhanced codes.
func codes(lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	first := lines[len(lines)-1]
	code, text := first[:min(3, len(first))], first[min(4, len(first)):]
	e, _, _ := smtp.ParseEnhanced(text)
	return code + " " + e.String()
}
