package session

import (
	"bytes"
	"slices"
)

// take returns the chunks toward these sides that are in no frame yet.
func (f *Framer) take(toward ...Side) (chunks []Chunk) {
	f.wire = slices.DeleteFunc(f.wire, func(c Chunk) bool {
		takes := slices.Contains(toward, c.Toward)
		if takes {
			chunks = append(chunks, c)
		}
		return takes
	})
	if len(f.wire) == 0 {
		f.passed = 0
	}
	return chunks
}

func (f *Framer) hear(octets []byte) {
	f.heard = append(f.heard, octets...)
	if len(f.heard) > maxHeard {
		f.heard = bytes.Clone(f.heard[len(f.heard)-maxHeard/2:])
	}
}

// cut takes what was heard up to an end, or nil where that has not come.
func (f *Framer) cut(end func([]byte) int) []byte {
	n := end(f.heard)
	if n < 0 {
		return nil
	}
	octets := bytes.Clone(f.heard[:n])
	f.heard = f.heard[n:]
	return octets
}

// lineEnd is where the first line ends: behind CR LF.
func lineEnd(octets []byte) int {
	if i := bytes.Index(octets, []byte("\r\n")); i >= 0 {
		return i + 2
	}
	return -1
}

// messageEnd is where a message ends: behind the line with the dot.
func messageEnd(octets []byte) int {
	if bytes.HasPrefix(octets, []byte(".\r\n")) {
		return 3
	}
	if i := bytes.Index(octets, []byte("\r\n.\r\n")); i >= 0 {
		return i + 5
	}
	return -1
}
