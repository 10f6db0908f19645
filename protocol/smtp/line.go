package smtp

import "bytes"

// A Line is what stood before one CR LF.
type Line struct {
	Octets []byte // without CR LF; of an over-long line the first limit octets
	Length int    // octets on the wire, with CR LF
	Rule   string // "" | "CMD-02": a bare CR or LF inside | "CMD-04": over the limit
}

// A LineReader cuts a stream into lines. Only CR LF ends one (RFC 5321
// §2.3.8); a bare CR or LF is data, and a fault. However the stream is cut into
// calls of Feed, the lines are the same. The zero value is ready.
//
// An over-long line is swallowed up to its CR LF and reported once. When Next
// has found no line, no more than its limit is kept.
type LineReader struct {
	LF     bool   // LF alone ends a line too, against the RFC
	fed    []byte // not looked at yet
	line   []byte // kept of the line under way, a CR at its end included
	length int    // octets of the line under way
	cr     bool   // the last of them was CR
	bare   bool   // there was a bare CR or LF among them
	cut    bool   // some were not kept
}

// Feed takes octets as they came. They are copied.
func (r *LineReader) Feed(octets []byte) { r.fed = append(r.fed, octets...) }

// Next returns the next whole line, if there is one. The limit is in octets
// with CR LF and should stay the same until a line was returned.
func (r *LineReader) Next(limit int) (Line, bool) {
	if lf := bytes.IndexByte(r.fed, '\n'); r.length == 0 && 0 < lf && lf < limit && bytes.IndexByte(r.fed, '\r') == lf-1 {
		line := Line{Octets: r.fed[: lf-1 : lf-1], Length: lf + 1} // whole and in order, as nearly all are
		r.fed = r.fed[lf+1:]
		return line, true
	}
	if r.line == nil && len(r.fed) > 0 {
		r.line = make([]byte, 0, max(0, min(limit, 1+bytes.IndexByte(r.fed, '\n'))))
	}
	for i, c := range r.fed {
		r.length++
		if c == '\n' && (r.cr || r.LF) {
			r.fed = r.fed[i+1:]
			end := 1
			if r.cr {
				end = 2
			}
			return r.take(limit, end), true
		}
		r.bare = r.bare || r.cr || c == '\n'
		r.cr = c == '\r'
		if len(r.line) < limit {
			r.line = append(r.line, c)
		} else {
			r.cut = true
		}
	}
	r.fed = nil
	return Line{}, false
}

// take ends the line under way, whose end octets have been counted.
func (r *LineReader) take(limit, end int) Line {
	l := Line{Length: r.length, Octets: r.line[:min(len(r.line), r.length-end, max(limit, 0))]}
	switch {
	case r.cut || l.Length > limit:
		l.Rule = "CMD-04"
	case r.bare:
		l.Rule = "CMD-02"
	}
	*r = LineReader{LF: r.LF, fed: r.fed}
	return l
}

// begun is what is kept of the line under way, and how many octets of it came.
func (r *LineReader) begun() (octets []byte, length int) { return r.line, r.length }

// Buffered returns how many octets Drop would return.
func (r *LineReader) Buffered() int { return len(r.line) + len(r.fed) }

// Drop forgets all that was fed and not returned in a line, and returns it;
// what was swallowed of an over-long line is gone.
func (r *LineReader) Drop() []byte {
	octets := bytes.Join([][]byte{r.line, r.fed}, nil)
	*r = LineReader{LF: r.LF}
	return octets
}
