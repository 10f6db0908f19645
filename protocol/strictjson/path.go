package strictjson

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// How much of a text from outside stands in an error, in octets.
const (
	maxName   = 32
	maxPath   = 128
	maxReason = 160
)

// A step leads from a value to one inside it.
type step struct {
	name  string
	index int // in an array, from 0; or named
}

const named = -1

// path writes steps as "server.accounts[3].name".
func path(steps []step) string {
	var b strings.Builder
	for i, s := range steps {
		switch {
		case s.index != named:
			b.WriteString("[" + strconv.Itoa(s.index) + "]")
		case i > 0:
			b.WriteString("." + shown(s.name))
		default:
			b.WriteString(shown(s.name))
		}
	}
	return cut(b.String(), maxPath)
}

// shown is a name as it may stand in a sentence: cut, and in quotes and ASCII
// where it is not like those of our own forms.
func shown(name string) string {
	foreign := func(c rune) bool {
		return !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c == '-')
	}
	if name == "" || strings.ContainsFunc(name, foreign) {
		name = strconv.QuoteToASCII(name)
	}
	return cut(name, maxName)
}

// cut is a text up to a length, without half a character at its end.
func cut(text string, length int) string {
	if len(text) <= length {
		return text
	}
	for length > 0 && !utf8.RuneStart(text[length]) {
		length--
	}
	return text[:length] + "…"
}
