package smtp

import (
	"strings"
	"unicode/utf8"
)

// readLocal reads a local-part at the start of s, a Dot-string or a
// Quoted-string, and returns it as data with its length in octets on the wire.
func readLocal(s string) (local string, n int, ok bool) {
	if strings.HasPrefix(s, `"`) {
		return quotedString(s)
	}
	n, ok = dotString(s)
	return s[:n], n, ok
}

// dotString returns how many octets at the start of s are atoms and dots, and
// whether they make a Dot-string: no atom is empty.
func dotString(s string) (n int, ok bool) {
	atom := 0 // length of the atom under way
	for _, r := range s {
		switch {
		case isAtext(r):
			atom += utf8.RuneLen(r)
		case r == '.' && atom > 0:
			atom = 0
		default:
			return n, atom > 0
		}
		n += utf8.RuneLen(r)
	}
	return n, atom > 0
}

// isAtext follows atext, RFC 5322 §3.2.3, widened by RFC 6531 §3.3.
func isAtext(r rune) bool {
	if r < utf8.RuneSelf {
		return isLetDig(byte(r)) || strings.ContainsRune("!#$%&'*+-/=?^_`{|}~", r)
	}
	return isUTF8NonASCII(r)
}

// isUTF8NonASCII leaves out C1 controls and what stands for octets that are
// not UTF-8.
func isUTF8NonASCII(r rune) bool { return r >= 0xa0 && r != utf8.RuneError }

// quotedString reads a Quoted-string at the start of s, which is a quote and
// more.
func quotedString(s string) (local string, n int, ok bool) {
	var b strings.Builder
	quoted := false // the last octet was a backslash
	for i, r := range s[1:] {
		switch {
		case quoted: // quoted-pairSMTP: only ASCII
			if r < ' ' || r > '~' {
				return "", 0, false
			}
			quoted = false
			b.WriteRune(r)
		case r == '\\':
			quoted = true
		case r == '"':
			return b.String(), i + 2, true
		case ' ' <= r && r <= '~' || isUTF8NonASCII(r):
			b.WriteRune(r)
		default:
			return "", 0, false
		}
	}
	return "", 0, false
}
