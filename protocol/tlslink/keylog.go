package tlslink

import (
	"bytes"
	"encoding/hex"
	"strings"
)

const maxKeyLogLine = 1024 // octets, far more than any has

// Write takes lines of the NSS key log (RFC 9850), so that a Dissector is the
// KeyLog of either Link:
//
//	label client-random secret      the last two in hex
func (d *Dissector) Write(p []byte) (int, error) {
	n := len(p)
	for {
		line, rest, ended := bytes.Cut(p, []byte("\n"))
		// One octet too many is kept, as the mark of a line that is dropped.
		d.line = append(d.line, line[:min(len(line), maxKeyLogLine+1-len(d.line))]...)
		if !ended {
			return n, nil
		}
		if f := strings.Fields(string(d.line)); len(f) == 3 && len(d.line) <= maxKeyLogLine {
			if secret, err := hex.DecodeString(f[2]); err == nil && len(f[1]) == 64 {
				d.secrets[f[0]+" "+strings.ToLower(f[1])] = secret
			}
		}
		d.line, p = d.line[:0], rest
	}
}

// secret returns what the key log holds under label for this connection.
func (d *Dissector) secret(label string) []byte {
	return d.secrets[label+" "+hex.EncodeToString(d.clientRandom)]
}
