package view

import (
	"encoding/hex"
	"fmt"
)

// dumpRow is how many octets stand in a row of a dump.
const dumpRow = 8

// A DumpRow is some octets: where they begin, their digits, their ASCII.
type DumpRow struct {
	Offset, Hex, Text string
}

// Dump shows octets in rows; what is no printable ASCII is a dot.
func Dump(octets []byte) []DumpRow {
	var rows []DumpRow
	for at := 0; at < len(octets); at += dumpRow {
		row := octets[at:min(at+dumpRow, len(octets))]
		r := DumpRow{Offset: fmt.Sprintf("%03x", at)}
		for i, b := range row {
			if i > 0 {
				r.Hex += " "
			}
			r.Hex += hex.EncodeToString([]byte{b})
			if b < ' ' || b > '~' {
				b = '.'
			}
			r.Text += string(rune(b))
		}
		rows = append(rows, r)
	}
	return rows
}
