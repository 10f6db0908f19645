package smtp

import (
	"bytes"
	"strings"
)

// TextLines returns the text of each line of a reply as sent, reply code and
// separator cut. raw is what ReplyReader.Next returned with the reply.
func TextLines(raw []byte) []string {
	lines := strings.Split(strings.TrimSuffix(string(raw), "\r\n"), "\r\n")
	for i, line := range lines {
		lines[i] = line[min(len(line), len("250 ")):]
	}
	return lines
}

// add reads one line and says whether it is the last one. What follows the
// separator may be any octets: the text never decides (REP-07).
func (r *Reply) add(line []byte) (last bool, err error) {
	code := 0
	for i, c := range line[:min(len(line), 3)] {
		switch {
		case !isDigit(c):
			return false, &ReplyError{"REP-01"}
		case i == 0 && (c < '2' || c > '5'):
			return false, &ReplyError{"REP-03"}
		}
		code = 10*code + int(c-'0')
	}
	switch {
	case len(line) < 3, len(line) > 3 && line[3] != ' ' && line[3] != '-':
		return false, &ReplyError{"REP-01"}
	case len(r.Lines) > 0 && code != r.Code:
		return false, &ReplyError{"REP-06"}
	case len(line)+2 > replyLimit(code), len(r.Lines) == MaxReplyLines:
		return false, &ReplyError{"REP-08"}
	}
	r.Code = code
	r.Lines = append(r.Lines, string(line[min(len(line), 4):]))
	return len(line) == 3 || line[3] == ' ', nil
}

func (r *Reply) splitEnhanced() {
	e, _, ok := ParseEnhanced(r.Lines[0])
	if !ok || e[0] != r.Class() {
		return
	}
	r.Enhanced = e
	for i, text := range r.Lines {
		if own, rest, _ := ParseEnhanced(text); own == e {
			r.Lines[i] = rest
		}
	}
}

// A ReplyReader cuts what a server sends into replies. However the stream is
// cut into calls of Feed, the replies are the same. The zero value is ready.
type ReplyReader struct {
	lines LineReader
	part  Reply  // lines of the reply under way
	raw   []byte // the octets they came in
	err   error
}

// Feed takes octets as they came. After an error they are thrown away.
func (r *ReplyReader) Feed(octets []byte) {
	if r.err == nil {
		r.lines.Feed(octets)
	}
}

// Next returns the next whole reply, if there is one, and the octets it came
// in, with every CR LF.
//
// A fault ends the reading: it is returned once with ok, and raw up to the
// faulty line, then without ok. The error is a *ReplyError: REP-01 form,
// REP-03 first digit, REP-06 codes differ, REP-08 line too long or too many
// lines, CMD-02 bare CR or LF. A line is too long as soon as it is: its end need
// not come.
func (r *ReplyReader) Next() (reply Reply, raw []byte, err error, ok bool) {
	for r.err == nil {
		line, ok := r.lines.Next(MaxChallengeLine)
		if octets, length := r.lines.begun(); !ok {
			if length < limitOf(octets) {
				break
			}
			line.Octets = octets
		}
		last, err := r.add(line)
		if err != nil {
			raw, r.raw, r.part, r.err = r.raw, nil, Reply{}, err
			r.lines.Drop()
			return Reply{}, raw, err, true
		}
		if last {
			reply, raw = r.part, r.raw
			r.part, r.raw = Reply{}, nil
			reply.splitEnhanced()
			return reply, raw, nil, true
		}
	}
	return Reply{}, nil, r.err, false
}

func (r *ReplyReader) add(line Line) (last bool, err error) {
	bare := line.Rule == "CMD-02"
	if limit := limitOf(line.Octets); len(line.Octets)+len("\r\n") > limit { // what comes behind the limit decides nothing
		line.Octets = line.Octets[:limit-1]
		r.raw = append(r.raw, line.Octets...)
		bare = bytes.ContainsAny(line.Octets, "\r\n")
	} else {
		r.raw = append(append(r.raw, line.Octets...), "\r\n"...)
	}
	if bare {
		return false, &ReplyError{"CMD-02"}
	}
	return r.part.add(line.Octets)
}

// limitOf is how long a line may be that begins so, in octets with CR LF.
func limitOf(line []byte) int {
	if len(line) < len("334") || string(line[:3]) == "334" {
		return MaxChallengeLine
	}
	return MaxReplyLine
}

// Buffered returns how many octets came in that are not part of a reply that
// was returned.
func (r *ReplyReader) Buffered() int { return len(r.raw) + r.lines.Buffered() }
