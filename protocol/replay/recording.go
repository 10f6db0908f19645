// Package replay plays recorded sessions to the machines and compares what
// they answer with what real programs answered.
package replay

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// A Recording is one recorded session.
type Recording struct {
	Header map[string]string // of keys that stand several times, the first
	Lines  []Line
}

// A Line is what one side said, or what happened.
type Line struct {
	Who    Who
	Octets []byte // without its line end; of an event, its words
	End    string // CR LF, or what stood in its place
}

// Who says a line.
type Who byte

const (
	Client Who = 'C'
	Server Who = 'S'
	Event  Who = '-'
)

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
	r, grown := &Recording{Header: map[string]string{}}, 0
	for n, line := range strings.Split(strings.TrimSuffix(string(text), "\n"), "\n") {
		kind, rest := line[:min(3, len(line))], line[min(3, len(line)):]
		switch {
		case strings.HasPrefix(line, "# "):
			key, value, _ := strings.Cut(line[2:], ": ")
			if _, twice := r.Header[key]; !twice {
				r.Header[key] = value
			}
		case kind == "C: " || kind == "S: ":
			l, err := parseLine(Who(kind[0]), rest)
			if err != nil {
				return nil, fmt.Errorf("line %d: %w", n+1, err)
			}
			if grown += max(0, len(l.Octets)-len(rest)); grown > maxElided {
				return nil, fmt.Errorf("line %d: shortened lines have more than %d characters in all", n+1, maxElided)
			}
			r.Lines = append(r.Lines, l)
		case kind == "C:" || kind == "S:":
			r.Lines = append(r.Lines, Line{Who(kind[0]), nil, "\r\n"})
		case kind == "-- ":
			r.Lines = append(r.Lines, Line{Event, []byte(rest), ""})
		case line == "":
		default:
			return nil, fmt.Errorf("line %d: neither a header, nor a line, nor an event", n+1)
		}
	}
	if len(r.Lines) == 0 {
		return nil, fmt.Errorf("no lines")
	}
	return r, nil
}

var elided = regexp.MustCompile(`^(.*)\{\.\.\. (\d+) characters in all \.\.\.\}(.*)$`)

// parseLine undoes what the format does to a line.
func parseLine(who Who, text string) (Line, error) {
	l := Line{Who: who, End: "\r\n"}
	if before, found := strings.CutSuffix(text, "  [bare LF]"); found {
		text, l.End = before, "\n"
	} else if before, found := strings.CutSuffix(text, "  [no line end]"); found {
		text, l.End = before, ""
	}
	var err error
	m := elided.FindStringSubmatch(text)
	if m == nil || who == Server { // a server's is compared as it stands
		l.Octets, err = unescape(text)
		return l, err
	}
	length, err := strconv.Atoi(m[2])
	if err != nil || length > maxElided {
		return l, fmt.Errorf("a line of %s characters", m[2])
	}
	head, err := unescape(m[1])
	if err != nil {
		return l, err
	}
	tail, err := unescape(m[3])
	for len(head) >= 4 && len(head) < length-len(tail) { // what is left out goes on in the same base64 group
		head = append(head, head[len(head)-4])
	}
	l.Octets = append(head, tail...)
	return l, err
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
