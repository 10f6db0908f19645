package smtp

// xtext, RFC 3461 §4, spells any octets in printable ASCII, for AUTH= in MAIL:
//
//	e=mc2@example.com  <->  e+3Dmc2@example.com

// DecodeXtext is strict: anything that EncodeXtext would have had to spell
// otherwise, and hexadecimal digits in lower case, break PAR-03. The error is
// a *SyntaxError.
func DecodeXtext(s string) (string, error) {
	var b []byte
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case isXchar(c):
			b = append(b, c)
		case c == '+' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]):
			b = append(b, hexValue(s[i+1])<<4|hexValue(s[i+2]))
			i += 2
		default:
			return "", broken("PAR-03")
		}
	}
	return string(b), nil
}

func isXchar(c byte) bool { return '!' <= c && c <= '~' && c != '+' && c != '=' }
func isHex(c byte) bool   { return isDigit(c) || 'A' <= c && c <= 'F' }

func hexValue(c byte) byte {
	if isDigit(c) {
		return c - '0'
	}
	return c - 'A' + 10
}
