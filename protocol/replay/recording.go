// Package replay plays recorded sessions to the machines and compares what
// they answer with what real programs answered.
package replay

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"example.org/smtpauth/protocol/transcript"
)

// A Recording is one recorded session.
type Recording struct {
	Header map[string]string // of keys that stand several times, the first
	Lines  []transcript.Line // events too
}

// Events as recordings write them, by how they begin.
const (
	tlsDone        = "TLS handshake done"
	closedByServer = "connection closed by server"
	closedByClient = "connection closed by client"
	messageHidden  = "message of "
)

// maxElided is the most octets that shortened lines are grown to, all together.
const maxElided = 1 << 20

// Parse reads a recording: header lines "# key: value", then "C: ", "S: " and
// "-- " lines.
func Parse(text []byte) (*Recording, error) {
	r, grown, offset := &Recording{Header: map[string]string{}}, 0, 0
	var follower transcript.Follower
	for n, line := range strings.Split(strings.TrimSuffix(string(text), "\n"), "\n") {
		kind, rest := line[:min(3, len(line))], line[min(3, len(line)):]
		before := len(r.Lines)
		side, said := sides[strings.TrimSuffix(kind, " ")]
		switch {
		case strings.HasPrefix(line, "# "):
			key, value, _ := strings.Cut(line[2:], ": ")
			if _, twice := r.Header[key]; !twice {
				r.Header[key] = value
			}
		case said:
			octets, end, err := parseLine(side, rest)
			if err != nil {
				return nil, fmt.Errorf("line %d: %w", n+1, err)
			}
			if grown += max(0, len(octets)-len(rest)); grown > maxElided {
				return nil, fmt.Errorf("line %d: shortened lines have more than %d characters in all", n+1, maxElided)
			}
			l := follower.Follow(side, octets)
			l.End = end
			r.Lines = append(r.Lines, l)
		case kind == "-- " && strings.HasPrefix(rest, tlsDone):
			r.Lines = append(r.Lines, follower.Secured([]byte(rest)))
		case kind == "-- ":
			r.Lines = append(r.Lines, follower.Follow(transcript.None, []byte(rest)))
		case line == "":
		default:
			return nil, fmt.Errorf("line %d: neither a header, nor a line, nor an event", n+1)
		}
		if len(r.Lines) > before {
			r.Lines[before].Place = transcript.Place{Line: n + 1, Offset: offset + len(kind)}
		}
		offset += len(line) + len("\n")
	}
	if len(r.Lines) == 0 {
		return nil, fmt.Errorf("no lines")
	}
	return r, nil
}

var elided = regexp.MustCompile(`^(.*)\{\.\.\. (\d+) characters in all \.\.\.\}(.*)$`)

// sides are those of lines, by how the line begins.
var sides = map[string]transcript.Side{"C:": transcript.Client, "S:": transcript.Server}

// parseLine undoes what the format does to a line.
func parseLine(side transcript.Side, text string) (octets []byte, end string, err error) {
	end = "\r\n"
	if before, found := strings.CutSuffix(text, "  [bare LF]"); found {
		text, end = before, "\n"
	} else if before, found := strings.CutSuffix(text, "  [no line end]"); found {
		text, end = before, ""
	}
	m := elided.FindStringSubmatch(text)
	if m == nil || side == transcript.Server { // a server's is compared as it stands
		octets, err = unescape(text)
		return octets, end, err
	}
	length, err := strconv.Atoi(m[2])
	if err != nil || length > maxElided {
		return nil, "", fmt.Errorf("a line of %s characters", m[2])
	}
	head, err := unescape(m[1])
	if err != nil {
		return nil, "", err
	}
	tail, err := unescape(m[3])
	for len(head) >= 4 && len(head) < length-len(tail) { // what is left out goes on in the same base64 group
		head = append(head, head[len(head)-4])
	}
	return append(head, tail...), end, err
}

// unescape reads \xNN, \\ and \t.
func unescape(text string) ([]byte, error) {
	var b bytes.Buffer
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] != '\\':
			b.WriteByte(text[i])
		case strings.HasPrefix(text[i:], `\\`):
			b.WriteByte('\\')
			i++
		case strings.HasPrefix(text[i:], `\t`):
			b.WriteByte('\t')
			i++
		case strings.HasPrefix(text[i:], `\x`) && len(text) >= i+4:
			n, err := strconv.ParseUint(text[i+2:i+4], 16, 8)
			if err != nil {
				return nil, fmt.Errorf("%q is no octet", text[i:i+4])
			}
			b.WriteByte(byte(n))
			i += 3
		default:
			return nil, fmt.Errorf("a backslash that begins nothing")
		}
	}
	return b.Bytes(), nil
}
