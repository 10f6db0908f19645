package view

import (
	"encoding/hex"
	"unicode/utf8"

	"example.org/smtpauth/protocol/trace"
)

// A Pair is two values that were compared, one above the other, in rows that
// are short enough not to be broken.
type Pair struct {
	Check  ID      // label of the comparison
	Names  [2]Name // of what was sent, of what was computed
	Tracks [2]Track
	Rows   [][2][]Mark
	Holds  bool
}

// A Mark is a stretch of one of two values that does, or does not, differ from
// the other one in the same place.
type Mark struct {
	Text    string
	Differs bool
}

// pairRow is how many characters stand in a row of a Pair.
const pairRow = 32

// comparison puts the operands of a Compare step above each other: as text
// where both are, else as hexadecimal digits.
func comparison(s *trace.Step) Pair {
	p := Pair{Check: label(s.Label), Holds: s.Holds}
	letters, width := runes, pairRow
	if !Readable(s.In[0].Octets) || !Readable(s.In[1].Octets) {
		letters, width = digits, pairRow/2
	}
	a, b := letters(s.In[0].Octets), letters(s.In[1].Octets)
	for len(a)+len(b) > 0 {
		rowA, rowB := a[:min(width, len(a))], b[:min(width, len(b))]
		a, b = a[len(rowA):], b[len(rowB):]
		p.Rows = append(p.Rows, [2][]Mark{marks(rowA, rowB), marks(rowB, rowA)})
	}
	return p
}

// runes are the characters of a text, blanks and those that do not print by
// their pictures.
func runes(octets []byte) []string {
	all := make([]string, 0, utf8.RuneCount(octets))
	for _, r := range string(octets) {
		text := string(r)
		if p := picture(r); p != "" {
			text = p
		} else if r == ' ' {
			text = "␠"
		}
		all = append(all, text)
	}
	return all
}

// digits are octets in hexadecimal, two digits each.
func digits(octets []byte) []string {
	all := make([]string, len(octets))
	for i := range octets {
		all[i] = hex.EncodeToString(octets[i : i+1])
	}
	return all
}

// marks tells the letters of a that differ from those of b.
func marks(a, b []string) []Mark {
	var all []Mark
	for i, letter := range a {
		differs := i >= len(b) || letter != b[i]
		if n := len(all); n > 0 && all[n-1].Differs == differs {
			all[n-1].Text += letter
		} else {
			all = append(all, Mark{letter, differs})
		}
	}
	return all
}
