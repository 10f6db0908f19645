package smtp

import (
	"fmt"
	"slices"
	"strings"
)

// A Reply is one reply of one or more lines, RFC 5321 §4.2.
type Reply struct {
	Code     int          `json:"code"`
	Enhanced EnhancedCode `json:"enhanced,omitzero"`
	// Lines are the texts without reply code and enhanced status code. There
	// is at least one; it may be "".
	Lines []string `json:"lines"`
}

// Say makes a reply.
func Say(code int, e EnhancedCode, lines ...string) Reply {
	if len(lines) == 0 {
		lines = []string{""}
	}
	return Reply{code, e, lines}
}

// Class returns the first digit of the code, which alone decides (REP-07).
func (r Reply) Class() int { return r.Code / 100 }

// Octets returns the reply as it goes on the wire. With enhanced, each line
// carries the enhanced status code (ENH-05), unless that is zero or of another
// class than the reply; in 3xx there is never one (ENH-02, ENH-03). The space
// after the code stands even without text (REP-04). Control characters become
// question marks, so that no text makes a line of its own; a line is cut at
// MaxReplyLine, at MaxChallengeLine for 334 (REP-01).
func (r Reply) Octets(enhanced bool) []byte { return r.Append(nil, enhanced) }

// Append appends what Octets returns.
func (r Reply) Append(octets []byte, enhanced bool) []byte {
	head := append(appendCode(make([]byte, 0, 40), r.Code), '-') // of each line
	sep := len(head) - 1
	if class := r.Class(); enhanced && class > 0 && class != 3 && class == r.Enhanced[0] {
		head = append(r.Enhanced.append(head), ' ')
	}
	lines := r.Lines
	if len(lines) == 0 {
		lines = noLines
	}
	size := 0
	for _, text := range lines {
		size += len(head) + len(text) + len("\r\n")
	}
	octets = slices.Grow(octets, size)
	for i, text := range lines {
		if i == len(lines)-1 {
			head[sep] = ' '
		}
		start := len(octets)
		octets = appendVisible(append(octets, head...), text)
		octets = append(octets[:min(len(octets), start+replyLimit(r.Code)-2)], "\r\n"...)
	}
	return octets
}

var noLines = []string{""}

// appendCode writes a code in three digits, were it none.
func appendCode(octets []byte, code int) []byte {
	if code < 0 || code > 999 {
		return fmt.Appendf(octets, "%03d", code)
	}
	return append(octets, '0'+byte(code/100), '0'+byte(code/10%10), '0'+byte(code%10))
}

func appendVisible(octets []byte, text string) []byte {
	start := len(octets)
	octets = append(octets, text...)
	for i, c := range octets[start:] {
		if c < ' ' && c != '\t' || c == 0x7f {
			octets[start+i] = '?'
		}
	}
	return octets
}

// replyLimit returns how long a reply line may be, in octets with CR LF.
func replyLimit(code int) int {
	if code == 334 {
		return MaxChallengeLine
	}
	return MaxReplyLine
}

// String returns the lines as on the wire, with the enhanced status code and
// with LF between them.
func (r Reply) String() string {
	s := strings.ReplaceAll(string(r.Octets(true)), "\r\n", "\n")
	return strings.TrimSuffix(s, "\n")
}
