package smtp

import (
	"strings"
	"unicode/utf8"
)

func isAlpha(c byte) bool  { return 'a' <= c|0x20 && c|0x20 <= 'z' }
func isLower(c byte) bool  { return 'a' <= c && c <= 'z' }
func isDigit(c byte) bool  { return '0' <= c && c <= '9' }
func isLetDig(c byte) bool { return isAlpha(c) || isDigit(c) }

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// upper touches the letters a to z alone: Unicode's rules would make "ſ" an S.
func upper(s string) string {
	for i := range len(s) {
		if isLower(s[i]) {
			b := []byte(s)
			for i, c := range b {
				if isLower(c) {
					b[i] = c - 'a' + 'A'
				}
			}
			return string(b)
		}
	}
	return s // as most clients write
}

func equalFold(a, b string) bool { return len(a) == len(b) && upper(a) == upper(b) }

// printable reports whether s is UTF-8 without control characters, C1 among
// them (CMD-07).
func printable(s string) bool {
	for i, r := range s {
		if r < ' ' || 0x7f <= r && r < 0xa0 || r == utf8.RuneError && !strings.HasPrefix(s[i:], "\uFFFD") {
			return false
		}
	}
	return true
}

// isKeyword follows esmtp-keyword and ehlo-keyword, RFC 5321 §4.1.1.1 and §4.1.2.
func isKeyword(s string) bool {
	for i := range len(s) {
		if !isLetDig(s[i]) && (i == 0 || s[i] != '-') {
			return false
		}
	}
	return s != ""
}

// IsBase64 reports whether c stands in base64's alphabet, padding apart.
func IsBase64(c byte) bool { return isLetDig(c) || c == '+' || c == '/' }
