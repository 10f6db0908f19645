package smtp

import (
	"fmt"
)

// What tests alone need.

// EncodeXtext spells s.
func EncodeXtext(s string) string {
	var b []byte
	for i := range len(s) {
		if c := s[i]; isXchar(c) {
			b = append(b, c)
		} else {
			b = fmt.Appendf(b, "+%02X", c)
		}
	}
	return string(b)
}

// ParseReply reads the lines of one whole reply, each without its CR LF. The
// error is a *ReplyError. An enhanced status code that starts the first line,
// of the class of the reply, goes to Enhanced and is cut from every line that
// repeats it. Whether it may be taken for one depends on the EHLO reply:
// TextLines gives the texts uncut.
func ParseReply(lines [][]byte) (Reply, error) {
	var r Reply
	for i, line := range lines {
		last, err := r.add(line)
		if err != nil {
			return Reply{}, err
		}
		if last != (i == len(lines)-1) {
			return Reply{}, &ReplyError{"REP-02"}
		}
	}
	if len(lines) == 0 {
		return Reply{}, &ReplyError{"REP-01"}
	}
	r.splitEnhanced()
	return r, nil
}

// Drop forgets them and returns how many there were (TLS-06).
func (r *ReplyReader) Drop() int {
	n := r.Buffered()
	r.lines.Drop()
	r.part, r.raw = Reply{}, nil
	return n
}
