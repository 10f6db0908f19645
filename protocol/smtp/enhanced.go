package smtp

import (
	"strconv"
	"strings"
)

// An EnhancedCode is an enhanced status code, RFC 3463 §2: class, subject,
// detail. Zero stands for none.
type EnhancedCode [3]int

// String returns "5.7.8", or "" for none.
func (e EnhancedCode) String() string {
	if e == (EnhancedCode{}) {
		return ""
	}
	return string(e.append(make([]byte, 0, 24)))
}

func (e EnhancedCode) append(text []byte) []byte {
	text = strconv.AppendInt(text, int64(e[0]), 10)
	for _, n := range e[1:] {
		text = strconv.AppendInt(append(text, '.'), int64(n), 10)
	}
	return text
}

// ParseEnhanced cuts an enhanced status code and one space from the start of
// the text of a reply line.
func ParseEnhanced(text string) (e EnhancedCode, rest string, ok bool) {
	code, rest, _ := strings.Cut(text, " ")
	numbers := strings.Split(code, ".")
	if len(numbers) != len(e) {
		return EnhancedCode{}, text, false
	}
	for i, n := range numbers {
		v, err := strconv.ParseUint(n, 10, 16)
		if err != nil || len(n) > 3 || len(n) > 1 && n[0] == '0' {
			return EnhancedCode{}, text, false
		}
		e[i] = int(v)
	}
	if e[0] != 2 && e[0] != 4 && e[0] != 5 {
		return EnhancedCode{}, text, false
	}
	return e, rest, true
}
